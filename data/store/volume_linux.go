package store

import "golang.org/x/sys/unix"

// Kinds of volumes whose bytes lie on another machine: their locks and their fsync promise nothing.
var networkKinds = map[int64]string{
	unix.NFS_SUPER_MAGIC:  "NFS",
	unix.SMB_SUPER_MAGIC:  "SMB",
	unix.SMB2_SUPER_MAGIC: "SMB",
	unix.CIFS_SUPER_MAGIC: "CIFS",
	unix.AFS_SUPER_MAGIC:  "AFS",
	unix.AFS_FS_MAGIC:     "AFS",
	unix.CODA_SUPER_MAGIC: "Coda",
	unix.V9FS_MAGIC:       "9P",
	unix.CEPH_SUPER_MAGIC: "Ceph",
	0x564c:                "NCP",
	0x0bd00bd0:            "Lustre",
	0x01161970:            "GFS2",
	0x7461636f:            "OCFS2",
}

// networkVolume names the kind of network volume that dir lies on, "" if it is local.
func networkVolume(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", err
	}
	kind := int64(st.Type) & 0xffffffff //nolint:unconvert // narrower on 32-bit systems
	if kind == unix.FUSE_SUPER_MAGIC {
		return fuseKind(dir)
	}
	return networkKinds[kind], nil
}
