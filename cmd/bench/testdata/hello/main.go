// Command hello is the smallest window the toolkit can show: what the start of the desk is measured
// beside. It promises to open nothing but that window and never grows.
package main

import (
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("de.schalter.bench.hello")
	w := a.NewWindow("Hello")
	hello := widget.NewLabel("Hello Fyne!")
	w.SetContent(container.NewVBox(hello, widget.NewButton("Hi!", func() { hello.SetText("Welcome") })))
	w.ShowAndRun()
}
