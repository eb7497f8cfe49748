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
	CodePackDamaged      Code = "form.pack_damaged"   // reason
	CodePackUntrusted    Code = "form.pack_untrusted" // fingerprint
	CodeNoRight          Code = "sync.no_right"       // an enrolled desk that may not publish

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
	CodeImportUnknown   Code = "import.unknown_type" // name
	CodeImportEmpty     Code = "import.empty"        // name
	CodeImportTooLarge  Code = "import.too_large"    // name, limit
	CodeImportUnread    Code = "import.unreadable"   // name
	CodeImportPixels    Code = "import.too_many_pixels"

	// PDF
	CodePDFCannotShow   Code = "pdf.cannot_show"
	CodePDFPassword     Code = "pdf.password"
	CodePDFNoPages      Code = "pdf.no_pages"
	CodePDFTooLarge     Code = "pdf.page_too_large"
	CodePDFFileTooLarge Code = "pdf.file_too_large" // limit in MiB
	CodePDFTimeout      Code = "pdf.timeout"
	CodePDFNoPage       Code = "pdf.no_such_page"
	CodePrintFailed     Code = "print.failed"
	CodePrintNone       Code = "print.no_printer"

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
