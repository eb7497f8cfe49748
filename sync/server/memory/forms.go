package memory

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"time"

	"schalter/data/record"
	"schalter/sync/server"
)

// Grant implements [server.Journal].
func (j *Journal) Grant(_ context.Context, tenant string, number int, admin bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	d := j.numbered(tenant, number)
	if d == nil || number == 0 {
		return record.E(record.CodeNotFound, errors.New("no such desk"))
	}
	d.Admin = admin
	return nil
}

// Own implements [server.Journal].
func (j *Journal) Own(_ context.Context, tenant string, device record.ID, key ed25519.PublicKey, now time.Time) (server.Desk, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.authority(tenant); err != nil {
		return server.Desk{}, err
	}
	d := j.numbered(tenant, 0)
	if d == nil {
		d = &desk{Desk: server.Desk{Tenant: tenant, Device: device, Key: slices.Clone(key), Enrolled: ms(now), Seen: ms(now), Admin: true}}
		j.desks[device] = d
	}
	return d.Desk, nil
}

// Last implements [server.Journal].
func (j *Journal) Last(_ context.Context, device record.ID) (record.Change, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if d, ok := j.desks[device]; ok {
		return d.last, nil
	}
	return record.Change{}, nil
}

// Forms implements [server.Journal].
func (j *Journal) Forms(_ context.Context, tenant string, each func(server.Entry) error) error {
	j.mu.Lock()
	a, err := j.authority(tenant)
	if err != nil {
		j.mu.Unlock()
		return err
	}
	log := a.log
	j.mu.Unlock()
	for _, e := range log {
		if e.form {
			if err := each(e.Entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// Head implements [server.Journal].
func (j *Journal) Head(_ context.Context, tenant string) (uint64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	a, err := j.authority(tenant)
	if err != nil {
		return 0, err
	}
	return uint64(len(a.log)), nil
}
