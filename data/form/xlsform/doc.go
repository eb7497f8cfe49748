// Package xlsform reads forms that an office has written in Excel: XLSForm, the form language of ODK and
// KoboToolbox (https://xlsform.org), as an .xlsx workbook with the sheets survey, choices and settings.
//
// It promises that nothing is lost silently. What the native format cannot say in the same way is an error
// that names the cell (survey!F12), and all errors of a workbook are found at once. What has no bearing on
// the answers, such as the look of a question, is named in the notes of the report. Expressions keep the
// meaning they have in ODK, where an unanswered question is an empty text and every condition is true or
// false. The same workbook gives the same bytes, and form.Parse reads them.
//
// It never runs macros or computes formulas, never follows links or reads other files, and never writes
// anything to disk. It reads at most as much of a workbook as its limits allow, however the file was made.
package xlsform
