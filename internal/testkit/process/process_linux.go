package process

import "syscall"

// dieWithParent makes the kernel end the program when its parent dies, even by a panic or SIGKILL.
func dieWithParent(attr *syscall.SysProcAttr) *syscall.SysProcAttr {
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	// Redis takes it as any fatal signal; PostgreSQL takes it as "stop at once", which also ends its children.
	attr.Pdeathsig = syscall.SIGQUIT
	return attr
}
