// Package sandbox takes rights away from the helper process that parses files from outside.
//
// It is for data/pdf/preview alone: the desk's side starts the process with [Start], the process calls
// [Enter] before it reads the first byte of a file and [RenewCPU] before each job.
//
// It promises on Linux: no new file descriptor of any kind (so no file, socket or pipe), no file and no
// network rights by Landlock where the kernel has it, bounded memory, bounded processor time per job, no
// core dump, no privileges by exec, no tracing by other processes; on Windows: a token without
// privileges at low integrity, a job object with bounded memory, one process, and its end with the
// desk. On other systems only a separate process is left, and [Enter] says nothing about it.
//
// It never gives a right back.
package sandbox
