package record

// The kinds of trouble, by wing. Each has a German and an English sentence and hint in assets/translations.
const (
	CodeInternal Code = "internal"
	CodeBadID    Code = "bad_id"

	// vault and store
	CodeWrongPassphrase Code = "vault.wrong_passphrase" // no slot opens with it
	CodeWeakPassphrase  Code = "vault.weak_passphrase"  // min characters
	CodeVaultDamaged    Code = "vault.damaged"
	CodeUserExists      Code = "vault.user_exists" // user
	CodeUserName        Code = "vault.user_name"   // user, max
	CodeStoreMissing    Code = "store.missing"     // dir
	CodeStoreExists     Code = "store.exists"      // dir
	CodeStoreForeign    Code = "store.foreign"     // not ours, or another device's key
	CodeStoreDamaged    Code = "store.damaged"
	CodeStoreInUse      Code = "store.in_use" // second program on one store
	CodeStoreNewer      Code = "store.newer"  // written by a newer program
	CodeStoreNetwork    Code = "store.network_volume"
	CodeDiskFull        Code = "store.disk_full"
	CodeReadOnly        Code = "store.read_only"
	CodeDiskError       Code = "store.disk_error" // the disk answered with an error
	CodeStoreSlow       Code = "store.slow"       // not stored within the time there was
	CodeNotFound        Code = "store.not_found"
	CodeNotEnrolled     Code = "store.not_enrolled" // no desk number yet
	CodeNumberBad       Code = "store.bad_number"
	CodeChainBroken     Code = "store.chain_broken"
	CodeBlobMissing     Code = "blob.missing"
	CodeBlobDamaged     Code = "blob.damaged"
	CodeBlobTooLarge    Code = "blob.too_large" // limit

	// forms
	CodeFormInvalid Code = "form.invalid" // path, reason
	CodeFormUnknown Code = "form.unknown" // id, version
	CodeFormNotOK   Code = "form.not_ok"  // count of problems

	// publishing of forms
	CodeFormUnresolved   Code = "form.unresolved"     // id, version, count: rules nobody has decided about
	CodeFormNotNewer     Code = "form.not_newer"      // id, version, newest
	CodeFormVersionTaken Code = "form.version_taken"  // id, version: published with another content
	CodeFormRetired      Code = "form.retired"        // id
	CodeFormNotPublished Code = "form.not_published"  // id
	CodeFormRefused      Code = "form.refused"        // id, version: its file is not the form that was published
	CodeFormTooNew       Code = "form.too_new"        // id, version: this program cannot read it
	CodeEditRefused      Code = "form.edit_refused"   // path, reason: what would come of it is no form
	CodeEditGone         Code = "form.edit_gone"      // place: it is no longer there
	CodeEditEmpty        Code = "form.edit_empty"     // a title or label was left empty
	CodeEditLanguage     Code = "form.edit_language"  // language: the text is missing in it
	CodeEditNumber       Code = "form.edit_number"    // value: no whole number
	CodeEditValue        Code = "form.edit_value"     // value: not understood here
	CodeEditUsed         Code = "form.edit_used"      // name, count of what still names it
	CodeEditLast         Code = "form.edit_last"      // the last of a group or list stays
	CodeEditTaken        Code = "form.edit_taken"     // name: there is one of that name
	CodeEditInside       Code = "form.edit_inside"    // name: a group into itself, a field out of all groups
	CodeEditReason       Code = "form.edit_reason"    // a rule in prose leaves with a reason only
	CodeEditTest         Code = "form.edit_test"      // a rule that is not finished
	CodeEditComplex      Code = "form.edit_complex"   // a rule that is more than a sentence
	CodeEditVersion      Code = "form.edit_version"   // version, newest
	CodePackDamaged      Code = "form.pack_damaged"   // reason
	CodePackUntrusted    Code = "form.pack_untrusted" // fingerprint
	CodeNoRight          Code = "sync.no_right"       // an enrolled desk that may not publish

	// import of FIM schemata: file, line, element
	CodeFIMSyntax     Code = "form.fim_syntax"     // reason
	CodeFIMEncoding   Code = "form.fim_encoding"   // encoding
	CodeFIMDoctype    Code = "form.fim_doctype"    // a document type: entities of its own
	CodeFIMDeep       Code = "form.fim_deep"       // limit of levels
	CodeFIMLarge      Code = "form.fim_large"      // limit in MB
	CodeFIMKind       Code = "form.fim_kind"       // no schema
	CodeFIMNamespace  Code = "form.fim_namespace"  // space
	CodeFIMUnexpected Code = "form.fim_unexpected" // an element or text the standard does not know there
	CodeFIMTwice      Code = "form.fim_twice"
	CodeFIMMissing    Code = "form.fim_missing"
	CodeFIMValue      Code = "form.fim_value"   // value
	CodeFIMList       Code = "form.fim_list"    // note: urn, version, place; a code list was not supplied
	CodeFIMEmpty      Code = "form.fim_empty"   // note: no field in the schema
	CodeFIMKept       Code = "form.fim_kept"    // note: place, value; kept as words because the format has no place for it
	CodeNotForm       Code = "form.not_form"    // file: neither a FIM schema nor an XLSForm
	CodeSameForm      Code = "form.same_output" // file, other: two files make the same form

	// forms from Excel; each names its place with file, sheet, row, column and place ("survey!F12")
	CodeXLSNotWorkbook         Code = "form.xls_not_workbook"         // file: no .xlsx
	CodeXLSOld                 Code = "form.xls_old"                  // an .xls of Excel 97
	CodeXLSEncrypted           Code = "form.xls_encrypted"            // opens only with a password
	CodeXLSMacros              Code = "form.xls_macros"               // part
	CodeXLSTooLarge            Code = "form.xls_too_large"            // limit
	CodeXLSDamaged             Code = "form.xls_damaged"              // part
	CodeXLSNoSurvey            Code = "form.xls_no_survey"            // there is no sheet survey
	CodeXLSSheetUnknown        Code = "form.xls_sheet_unsupported"    // sheet
	CodeXLSMerged              Code = "form.xls_merged"               // range
	CodeXLSFormula             Code = "form.xls_formula"              // cells
	CodeXLSCellError           Code = "form.xls_cell_error"           // value: #REF! and the like
	CodeXLSUnreadable          Code = "form.xls_unreadable"           // text that is no text
	CodeXLSDate                Code = "form.xls_date"                 // value: a date that is none, or two
	CodeXLSColumnTwice         Code = "form.xls_column_twice"         // heading, first
	CodeXLSColumnMissing       Code = "form.xls_column_missing"       // heading
	CodeXLSLanguage            Code = "form.xls_language"             // language
	CodeXLSVersion             Code = "form.xls_version"              // value
	CodeXLSID                  Code = "form.xls_form_id"              // value
	CodeXLSNoType              Code = "form.xls_no_type"              // a row without a type
	CodeXLSType                Code = "form.xls_type"                 // type
	CodeXLSTypeUnsupported     Code = "form.xls_type_unsupported"     // type
	CodeXLSNoName              Code = "form.xls_no_name"              // type
	CodeXLSName                Code = "form.xls_name"                 // name
	CodeXLSNameTwice           Code = "form.xls_name_twice"           // name, first
	CodeXLSNoLabel             Code = "form.xls_no_label"             // name
	CodeXLSGroupEnd            Code = "form.xls_group_end"            // type
	CodeXLSGroupOpen           Code = "form.xls_group_open"           // name
	CodeXLSGroupDeep           Code = "form.xls_group_deep"           // max
	CodeXLSExternal            Code = "form.xls_external"             // value
	CodeXLSNoList              Code = "form.xls_no_list"              // list
	CodeXLSChoiceTwice         Code = "form.xls_choice_twice"         // list, name, first
	CodeXLSChoiceCode          Code = "form.xls_choice_code"          // name
	CodeXLSValue               Code = "form.xls_value"                // heading, value, expected
	CodeXLSDefault             Code = "form.xls_default"              // value, type
	CodeXLSRepeatCount         Code = "form.xls_repeat_count"         // value, max
	CodeXLSReadOnly            Code = "form.xls_read_only"            // name
	CodeXLSFilter              Code = "form.xls_filter"               // value, question
	CodeXLSFilterEmpty         Code = "form.xls_filter_empty"         // list
	CodeXLSTextReference       Code = "form.xls_text_reference"       // reference
	CodeXLSSyntax              Code = "form.xls_syntax"               // char, value
	CodeXLSReference           Code = "form.xls_reference"            // reference
	CodeXLSReferenceMany       Code = "form.xls_reference_many"       // reference, places
	CodeXLSNoAnswer            Code = "form.xls_no_answer"            // reference
	CodeXLSFunction            Code = "form.xls_function"             // function
	CodeXLSFunctionUnsupported Code = "form.xls_function_unsupported" // function
	CodeXLSArguments           Code = "form.xls_arguments"            // function, n
	CodeXLSKinds               Code = "form.xls_kinds"                // operator
	CodeXLSSeveral             Code = "form.xls_several"              // reference
	CodeXLSPattern             Code = "form.xls_pattern"              // value, reason
	CodeXLSChoiceUnknown       Code = "form.xls_choice_unknown"       // reference, name
	CodeXLSComplex             Code = "form.xls_complex"
	CodeXLSCircle              Code = "form.xls_circle"            // names
	CodeXLSRefused             Code = "form.xls_refused"           // reason
	CodeXLSMore                Code = "form.xls_more"              // n
	CodeXLSNoteIgnored         Code = "form.xls_note_ignored"      // what, n
	CodeXLSNoteLeftOut         Code = "form.xls_note_left_out"     // name, type
	CodeXLSNoteSheet           Code = "form.xls_note_sheet"        // sheet
	CodeXLSNoteLanguage        Code = "form.xls_note_language"     // language
	CodeXLSNoteNoGerman        Code = "form.xls_note_no_german"    // language
	CodeXLSNoteUntranslated    Code = "form.xls_note_untranslated" // language, n
	CodeXLSNoteLabel           Code = "form.xls_note_label"        // name, n
	CodeXLSNoteList            Code = "form.xls_note_list"         // list
	CodeXLSNoteNever           Code = "form.xls_note_never"        // list, name
	CodeXLSNoteCode            Code = "form.xls_note_code"         // list, name, code
	CodeXLSNoteName            Code = "form.xls_note_name"         // name, native
	CodeXLSNoteEmpty           Code = "form.xls_note_empty"        // name
	CodeXLSNoteCalculated      Code = "form.xls_note_calculated"   // name
	CodeXLSNoteBareWord        Code = "form.xls_note_bare_word"    // word
	CodeXLSNoteVersion         Code = "form.xls_note_version"      // version
	CodeXLSNoteFilledIn        Code = "form.xls_note_filled_in"    // name: a note that shows answers
	CodeXLSNoteSplit           Code = "form.xls_note_split"        // name: date and time

	// scanning and import
	CodeScanNoDevice    Code = "scan.no_device"
	CodeScanNoSoftware  Code = "scan.no_software"
	CodeScanNoPaper     Code = "scan.no_paper"
	CodeScanJam         Code = "scan.jam"
	CodeScanCoverOpen   Code = "scan.cover_open"
	CodeScanBusy        Code = "scan.busy"
	CodeScanOffline     Code = "scan.offline"
	CodeScanDenied      Code = "scan.denied"
	CodeScanCancelled   Code = "scan.cancelled"
	CodeScanUnsupported Code = "scan.unsupported"
	CodeScanBadData     Code = "scan.bad_data"
	CodeScanTimeout     Code = "scan.timeout"
	CodeScanAddress     Code = "scan.address"             // address: typed by hand, not an address
	CodeScanBadAnswer   Code = "scan.bad_answer"          // host, place: line and column, or the HTTP status
	CodeScanFormat      Code = "scan.format"              // host, format: pages only as PDF or TIFF
	CodeScanCertNew     Code = "scan.certificate_new"     // device, host, fingerprint: to be confirmed
	CodeScanCertChanged Code = "scan.certificate_changed" // device, host, fingerprint, known
	CodeScanDoubleFeed  Code = "scan.double_feed"         // two sheets were drawn in at once
	CodeProfileBad      Code = "scan.profile"             // field: what does not fit
	CodeProfileLocked   Code = "scan.locked"              // the administrator has locked the settings of scanners
	CodeProfilePIN      Code = "scan.pin"                 // the PIN is wrong
	CodeScanFolder      Code = "scan.folder_gone"         // folder: the watched folder is not there
	CodeImportUnknown   Code = "import.unknown_type"      // name
	CodeImportEmpty     Code = "import.empty"             // name
	CodeImportTooLarge  Code = "import.too_large"         // name, limit
	CodeImportUnread    Code = "import.unreadable"        // name
	CodeClipEmpty       Code = "import.clipboard_empty"   // no picture in the clipboard
	CodeClipMissing     Code = "import.clipboard_missing" // program
	CodeMailLeft        Code = "import.mail_left"         // names: attachments that stay inside the message
	CodeOfficeMissing   Code = "import.office_missing"    // LibreOffice is not there, or cannot be confined
	CodeOfficeUnread    Code = "import.office_unreadable" // LibreOffice makes nothing of it
	CodeMailUnread      Code = "import.mail_unreadable"   // an e-mail that is none, or broken
	CodeImportNotFile   Code = "import.not_a_file"        // name
	CodeImportPixels    Code = "import.too_many_pixels"

	// PDF
	CodePDFCannotShow   Code = "pdf.cannot_show"
	CodePDFPassword     Code = "pdf.password"
	CodePDFNoPages      Code = "pdf.no_pages"
	CodePDFTooLarge     Code = "pdf.page_too_large"
	CodePDFFileTooLarge Code = "pdf.file_too_large" // limit in MiB
	CodePDFTimeout      Code = "pdf.timeout"
	CodePDFNoPage       Code = "pdf.no_such_page"
	CodePDFSigned       Code = "pdf.signed"          // name: its pages cannot be rearranged without breaking the signature
	CodePDFUnbound      Code = "pdf.cannot_bind"     // name: its pages cannot be taken out
	CodePictureLarge    Code = "picture.too_large"   // width, height, limit in million pixels
	CodePictureDamaged  Code = "picture.damaged"     // kind
	CodePictureKind     Code = "picture.unsupported" // kind

	// Text recognition.
	CodeOCRMissing  Code = "ocr.missing"  // tesseract is not installed
	CodeOCRLanguage Code = "ocr.language" // language
	CodeOCRTimeout  Code = "ocr.timeout"
	CodeOCRFailed   Code = "ocr.failed"

	// The tray "Unsortiert".
	CodeTrayGone    Code = "tray.gone"    // a page or stack is not in the tray any more
	CodeTrayChanged Code = "tray.changed" // a page was decided about while it was being filed
	CodeTrayDeleted Code = "tray.deleted" // number: the case was deleted meanwhile
	CodeTrayFiles   Code = "tray.files"   // name: the device sends whole files, which are not sorted

	// What is made of documents.
	CodeExport       Code = "paper.export"        // title
	CodeExportFull   Code = "paper.export_full"   // dir
	CodeExportDenied Code = "paper.export_denied" // dir: it may not be written
	CodeExportGone   Code = "paper.export_gone"   // dir: it cannot be written any more
	CodeCopyBlack    Code = "paper.copy_black"    // title: a certified copy shows all, also what is blackened
	CodeCopyNumber   Code = "paper.copy_number"   // number: somebody has made the next copy meanwhile
	CodeUncertain    Code = "paper.uncertain"     // the copy must not be certified as it is
	CodePagesChanged Code = "paper.pages_changed" // title: somebody put its pages in order meanwhile

	// The second person's check.
	CodeCheckAgain    Code = "checks.again"    // title: something became of it while it was looked at
	CodeCheckOwn      Code = "checks.own"      // title: who scanned does not check
	CodeCheckNote     Code = "checks.note"     // title: the transfer note does not stand
	CodeCheckOriginal Code = "checks.original" // title: an original is not here or not what was scanned
	CodeCheckWaiting  Code = "checks.waiting"  // a check is still being stored
	CodeCheckShare    Code = "checks.share"    // percent: no share

	CodePrintFailed Code = "print.failed"
	CodePrintNone   Code = "print.no_printer"

	// network
	CodeOffline         Code = "sync.offline"
	CodeCentreUntrusted Code = "sync.untrusted" // certificate is not the one pinned at enrolment
	CodeCaptivePortal   Code = "sync.captive_portal"
	CodeClockWrong      Code = "sync.clock_wrong" // difference
	CodeEnrolCode       Code = "sync.enrol_code"  // unknown, used or expired
	CodeEnrolFinger     Code = "sync.enrol_fingerprint"
	CodeEnrolled        Code = "sync.enrolled" // authority: where the desk belongs already
	CodeDeskRevoked     Code = "sync.desk_revoked"
	CodeDeskUnknown     Code = "sync.desk_unknown"
	CodeSignatureBad    Code = "sync.signature"
	CodeHistoryChanged  Code = "sync.history_changed" // the centre was restored
	CodeForked          Code = "sync.forked"          // this desk was restored or cloned
	CodeRejected        Code = "sync.rejected"
	CodeCentreBusy      Code = "sync.centre_busy"
	CodeCentreTrouble   Code = "sync.centre_trouble" // status
	CodeCentreOld       Code = "sync.version"
	CodeHashMismatch    Code = "sync.hash_mismatch"
	CodeAddressBad      Code = "sync.address"
)
