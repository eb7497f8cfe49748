package main

import capture "schalter/ui/capture/sample"

// init adds pictures of forms as a clerk sees them when she begins, beside a first visitor: "form-vereinsfest".
func init() {
	for _, id := range []string{"vereinsfest", "saal-buchen", "maengel-melden", "beglaubigung"} {
		stories = append(stories, story{"form-" + id, func(s *stage) {
			s.take(capture.Empty)
			s.capture.Desk.Start(id)
		}})
	}
}
