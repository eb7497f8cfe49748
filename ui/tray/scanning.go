package tray

import "schalter/ui/stack"

// startScan scans a stack with a profile.
func (m *model) startScan(p stack.Profile) {
	s, err := m.n.Room.Scan(p, nil, stack.Observer{
		Changed: m.changed, Came: m.load,
		Say: func(err error) { m.say(message{err: err}) },
		Ended: func(err error) {
			m.scan = nil
			if err != nil {
				m.say(message{err: err})
			}
			m.load()
		},
	})
	if err != nil {
		m.say(message{err: err})
		return
	}
	if m.n.Room.Running() == s.Stack() { // it is not over yet
		m.scan = s
	}
	m.changed()
}

// stopScan calls the scan off; what came stays.
func (m *model) stopScan() {
	if m.scan != nil {
		m.scan.Stop()
	}
}
