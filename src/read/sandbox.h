/* Inside the room: a process locks itself in. */
#ifndef READ_SANDBOX_H
#define READ_SANDBOX_H

#include "read/read.h"

/* From here on this process may compute, take memory up to the limit, write to descriptor 1 and end: no file, socket, process,
 * signal or executable memory. Anything else kills it. Limits of time, memory, descriptors and processes first, then Landlock as
 * far as the kernel has it, then a list of system calls. False, with nothing promised, where the system calls can't be limited. */
bool sandbox_enter(const struct read_limits *limits) MUST;

#endif
