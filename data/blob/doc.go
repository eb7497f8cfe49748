// Package blob keeps files sealed and by their content: scans, imported papers, page texts, letters.
//
// It is for the rooms that store or show documents and for sync/engine, which sends and fetches them. A file
// is named by the SHA-256 of its bytes ([record.BlobRef]) and never changes.
//
// # How a file lies on disk
//
//	DIR/xx/NAME        a whole file; NAME is HMAC-SHA256(key, hash) in hexadecimal, xx its first two digits
//	DIR/partial/NAME   a file being fetched, as far as it came
//	DIR/tmp/*          a file being put; what a crash left there is removed at the next [Open]
//
// Each begins with a header of 80 bytes: magic and version (8), a random prefix (16), and sealed the content's
// hash and size (40, and a tag of 16). Then follow the chunks, at least one: 64 KiB of content each, the last
// one shorter, each with its tag. All is sealed with XAES-256-GCM; a chunk's nonce is prefix and index, its
// additional data say its index and whether it is the last, so that chunks cannot be exchanged, repeated or
// cut off (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
//
// # What it promises
//
//   - What [Store.Put] or [Partial.Finish] reported as done survives a power cut, whole.
//   - Altered, exchanged or shortened bytes are [record.CodeBlobDamaged], never wrong content.
//   - Content and hash cannot be read without the key, nor can a known file be found. The length of a sealed
//     file shows the size of its content.
//   - A full disk is [record.CodeDiskFull] and leaves nothing behind.
//
// It never holds a whole file in memory except for [Store.ReadAll], never looks into the content, and never
// deletes by itself. One [Store] at a time may use a directory.
package blob
