// Package vault holds the key of a desk's data and gives it to who knows a passphrase.
//
// It is for the program's start and the lock screen. One random 32-byte data key per desk seals everything
// (data/store/cryptvfs, data/blob); it lies in DIR/vault.json once per user, each time wrapped with
// XAES-256-GCM under a key that Argon2id makes of that user's passphrase, as in a LUKS header.
//
// It promises:
//   - Without a passphrase the file yields no key. Each guess costs what the slot says: by default three
//     passes over 64 MiB (RFC 9106, second recommended option).
//   - A slot bound to another user, another desk or other costs does not open.
//   - vault.json changes whole and durably or not at all; a second copy beside it serves when it is damaged.
//   - Damage is told from a wrong passphrase.
//
// It never writes a key or passphrase in the clear, never asks the network and never waits between guesses:
// whoever can run this program can copy the file as well.
//
// README.md beside this file is the threat model of everything a desk keeps.
package vault
