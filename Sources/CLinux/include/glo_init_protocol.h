#ifndef GLO_INIT_PROTOCOL_H
#define GLO_INIT_PROTOCOL_H

// The protocol between the controller and init, the program inside every container. Both ends include this header.
//
// There are two kinds of connections, and both carry the same frames:
//
//   control   one per container: the Unix stream socket to which init connects. Many workers, told apart by their id.
//   slot      one per concurrent run of an `exec` worker: a Unix stream socket pair that init makes and whose other
//             end it passes over the control connection. One run at a time.
//
// A frame is a header of 12 bytes and a payload. All integers are little-endian; nothing is aligned.
//
//   offset  size  field
//        0     4  length of the payload in bytes (the header not counted)
//        4     1  type, one of GLO_FRAME_*
//        5     1  flags; 0 unless the type says otherwise
//        6     2  reserved, 0
//        8     4  control: the worker's id, chosen by the controller, never 0 except in HELLO
//                 slot: the run's id, chosen by the controller, never 0
//
// A frame that breaks a rule of this file ends the connection that it came on: init then acts as if the controller
// had closed it, the controller closes and reports. An unknown type is such a breach. HELLO's version guards changes.
//
// Blocks of strings (arguments, environments) are the strings one after the other, each ended by one NUL byte. An
// environment string is `NAME=value`.

#define GLO_PROTOCOL_MAGIC 0x314F4C47u // "GLO1" on the wire
#define GLO_PROTOCOL_VERSION 2

#define GLO_FRAME_HEADER_LENGTH 12

// ---- Limits -------------------------------------------------------------------------------------------------------

// Payload of a control frame to init, in bytes (START is the only large one).
#define GLO_CONTROL_TO_INIT_MAX 2097152
// Payload of a control frame from init, in bytes.
#define GLO_CONTROL_FROM_INIT_MAX 65536
// Descriptors with one DESCRIPTORS frame.
#define GLO_DESCRIPTORS_MAX 64
// Workers that one init runs at once.
#define GLO_WORKERS_MAX 64
// Slots of one exec worker.
#define GLO_SLOTS_MAX 64
// Environment block of a RUN frame, in bytes.
#define GLO_RUN_ENVIRONMENT_MAX 1048576
// Whole payload of a RUN frame, in bytes.
#define GLO_RUN_PAYLOAD_MAX 1073741824
// Payload of an OUT frame, in bytes; never 0.
#define GLO_OUT_PAYLOAD_MAX 65536
// Last bytes of a run's stderr that its EXIT carries.
#define GLO_STDERR_TAIL_MAX 4096
// Message of a failed start, in bytes.
#define GLO_MESSAGE_MAX 1024
// Upper bound of the line length that START may ask for, in bytes.
#define GLO_LOG_LINE_LIMIT 32768
// Milliseconds between SIGTERM and SIGKILL when init ends something on its own.
#define GLO_KILL_GRACE_MILLISECONDS 2000

// The exit code of an init that cannot filter system calls here: it starts nothing without.
#define GLO_EXIT_NO_FILTER 70

// ---- Control, controller to init ----------------------------------------------------------------------------------

// START: opens what the contract needs and starts the worker of the header's id. Answered by DESCRIPTORS (not yet for
// http) and STARTED, or by START_FAILED. DESCRIPTORS come first, so START_FAILED may follow them.
//
//   u8   contract, GLO_CONTRACT_*
//   u8   reserved, 0
//   u16  port; 0 lets init choose: in a container the first free of 9001, 9002 … (lambda) or 8080, 8081 … (http), in
//        process mode any free port
//   u16  slots, 1 ... GLO_SLOTS_MAX for exec, else 0
//   u16  reserved, 0
//   u32  http: milliseconds from the start within which the server must accept its first connection
//   u32  bytes of output a second that are forwarded, over all streams of the worker, where each line counts 20 bytes
//        more than it has; one second's worth may come at once; lines that exceed it are dropped and counted;
//        0 drops everything
//   u32  longest line in bytes, 1 ... GLO_LOG_LINE_LIMIT; longer ones are split
//   u32  length, then the block of arguments; the first is the program: a path, or a name searched on PATH
//   u32  length, then the block of the environment
//   u32  length, then the working directory (no NUL)
//   u32  length, then the directory for secrets (no NUL); made with mode 0700 when it is missing
//   u32  number of secrets, then for each: u32 length, file name (no '/', not starting with '.'), u32 length, contents.
//        Each is written with mode 0400 before the handler starts.
//
// init adds to the environment: AWS_LAMBDA_RUNTIME_API=127.0.0.1:<port> (lambda), PORT=<port> (http).
// The handler's working directory, standard streams, default signal dispositions and empty signal mask are its own; it
// leads a session and a process group of its own, to which signals go.
#define GLO_FRAME_START 0x01

// SIGNAL: i32 signal number. Sent to the process group of the worker (exec: of each run). A worker that is unknown or
// has ended is no error.
#define GLO_FRAME_SIGNAL 0x02

// CONNECT: asks an http worker for one more connection. u32 milliseconds until init gives up.
// Answered by DESCRIPTORS (kind CONNECTION) or CONNECT_FAILED, unless the worker is unknown or ends first.
#define GLO_FRAME_CONNECT 0x03

// STOP: u32 milliseconds. SIGTERM to the worker's process group now, SIGKILL when it has not ended after that time.
// An exec worker takes no further runs, ends those it has and then ends itself.
#define GLO_FRAME_STOP 0x04

// LIFELINE: worker id 0, no payload; the first frame when there is one. A descriptor travels with its first byte, which
// hangs up when the controller is killed, some milliseconds before this connection does. init then acts as if the
// controller had closed it: what its handlers do from then on is done a second time.
#define GLO_FRAME_LIFELINE 0x05

// ---- Control, init to controller ----------------------------------------------------------------------------------

// HELLO: the first frame, worker id 0.
//   u32 GLO_PROTOCOL_MAGIC, u16 GLO_PROTOCOL_VERSION, u16 mode GLO_MODE_*, u32 process id as init sees it, u32 user id
#define GLO_FRAME_HELLO 0x81

// DESCRIPTORS: u8 kind GLO_DESCRIPTORS_*, u8 count (1 ... GLO_DESCRIPTORS_MAX), u16 port (0 where there is none).
// The descriptors themselves travel as SCM_RIGHTS with the frame's first byte. All are non-blocking.
#define GLO_FRAME_DESCRIPTORS 0x82

// STARTED: u32 process id as init sees it; 0 for exec, which has no process until its first run.
#define GLO_FRAME_STARTED 0x83

// START_FAILED: u8 stage GLO_STAGE_*, u8[3] 0, i32 errno, then a sentence (UTF-8, at most GLO_MESSAGE_MAX).
// The worker's id is free again.
#define GLO_FRAME_START_FAILED 0x84

// EXITED: the worker has ended; the last frame about it. Its id is free again.
//   u8 how GLO_END_EXITED or GLO_END_SIGNALLED, u8 GLO_END_FLAG_* bits, u16 0, i32 exit code or signal number,
//   u64 peak resident memory in bytes (exec: the largest of its runs), u64 user and u64 system processor time in µs
// An exec worker ends (exited, 0) when all its slots have been closed.
#define GLO_FRAME_EXITED 0x85

// LOG: a line of output without its line end.
//   u8 stream GLO_STREAM_*, u8 1 when the line goes on in the next LOG of this stream (and run), u16 0,
//   u32 run id (0 unless exec), then the bytes (any)
#define GLO_FRAME_LOG 0x86

// LOG_DROPPED: u64 lines, u64 bytes that were not forwarded since the last such frame. At most one a second and worker.
#define GLO_FRAME_LOG_DROPPED 0x87

// CONNECT_FAILED: i32 errno of the last try (ETIMEDOUT when there was none).
#define GLO_FRAME_CONNECT_FAILED 0x88

// ---- Slot, controller to init -------------------------------------------------------------------------------------

// RUN: starts the worker's command once. Only when the slot has no run: after its first use, when EXIT has been read.
//   u32 length of the environment block, then that block: strings that are added to START's environment and replace
//   those of the same name. Everything behind it, to the payload's end, is the handler's standard input (may be empty).
// The run's id in the header should be unique among the worker's slots, since LOG frames name it.
// EXIT may come before the whole RUN is written, when the handler does not read its input: the rest must be sent still.
// init takes standard input off the socket at once, whether the handler reads it or not (what does not fit into the
// pipe waits in memory of the container), so a CANCEL behind it is always seen.
#define GLO_FRAME_RUN 0x10

// CANCEL: no payload. SIGTERM to the run's process group, SIGKILL after GLO_KILL_GRACE_MILLISECONDS. EXIT still comes;
// no OUT is begun any more. A CANCEL for a run that is not the slot's present one is ignored: it crossed with EXIT.
// Closing the slot's socket does the same, and also ends the slot.
#define GLO_FRAME_CANCEL 0x11

// ---- Slot, init to controller -------------------------------------------------------------------------------------

// OUT: the next bytes of standard output, 1 ... GLO_OUT_PAYLOAD_MAX. While the socket is full, init stops reading the
// handler's standard output: not reading the slot is how the controller holds a handler back.
#define GLO_FRAME_OUT 0x20

// EXIT: the run is over, after the last OUT; the slot is free for the next RUN.
//   offset  size
//        0     1  how, GLO_END_*
//        1     1  GLO_END_FLAG_* bits
//        2     1  stage GLO_STAGE_* for GLO_END_NOT_STARTED, else 0
//        3     1  0
//        4     4  i32 exit code, signal number or (GLO_END_NOT_STARTED) errno
//        8     8  u64 peak resident memory of the run in bytes, 0 when unknown
//       16     8  u64 user processor time in µs
//       24     8  u64 system processor time in µs
//       32     …  the last bytes of standard error, at most GLO_STDERR_TAIL_MAX, any bytes; for GLO_END_NOT_STARTED a
//                 sentence instead (UTF-8, at most GLO_MESSAGE_MAX)
// When the main process ends, its process group is killed and standard output is taken as far as it has been written:
// background children neither live on nor delay EXIT.
#define GLO_FRAME_EXIT 0x21
#define GLO_EXIT_FIXED_LENGTH 32

// ---- Values -------------------------------------------------------------------------------------------------------

#define GLO_MODE_CONTAINER 0
#define GLO_MODE_PROCESS 1

#define GLO_CONTRACT_LAMBDA 1
#define GLO_CONTRACT_HTTP 2
#define GLO_CONTRACT_EXEC 3
#define GLO_CONTRACT_STDIO 4

// lambda: one listening TCP socket
#define GLO_DESCRIPTORS_LISTENER 1
// http: one connected TCP socket
#define GLO_DESCRIPTORS_CONNECTION 2
// stdio: two pipe ends: the one that writes the handler's standard input, the one that reads its standard output
#define GLO_DESCRIPTORS_STDIO 3
// exec: one connected Unix stream socket for each slot
#define GLO_DESCRIPTORS_SLOTS 4

#define GLO_STREAM_STDOUT 1
#define GLO_STREAM_STDERR 2

#define GLO_END_EXITED 1
#define GLO_END_SIGNALLED 2
// slot only: the command could not be started, or its standard input could not be taken
#define GLO_END_NOT_STARTED 3

// CANCEL came (or STOP, or the slot was closed) before the end
#define GLO_END_FLAG_CANCELLED 0x01
// init sent SIGKILL, since SIGTERM did not do
#define GLO_END_FLAG_KILLED 0x02
// the kernel's out-of-memory killer took a process of the container (the one that ended, a child of it, or one of
// another run or worker) since the end that was reported before this one
#define GLO_END_FLAG_OUT_OF_MEMORY 0x04

// The START itself makes no sense (a worker id in use, too many workers)
#define GLO_STAGE_REQUEST 1
// Writing a secret
#define GLO_STAGE_SECRETS 2
// Opening the listener, pipes, sockets, or /dev/null
#define GLO_STAGE_DESCRIPTORS 3
// Entering the working directory
#define GLO_STAGE_DIRECTORY 4
// Finding the program: missing, or no permission
#define GLO_STAGE_COMMAND 5
// Executing it: its interpreter or loader is missing, wrong format or architecture, too long a command line
#define GLO_STAGE_EXECUTE 6
// Making the process: limit of processes, no memory
#define GLO_STAGE_PROCESS 7
// exec: keeping standard input that the handler has not read yet
#define GLO_STAGE_INPUT 8

#endif
