/* Commands that need more rooms than the command line may know. */
#ifndef MAIN_WIRING_H
#define MAIN_WIRING_H

#include "cli/command.h"

/* The supervisor: starts the two below as processes of their own and keeps them running. */
enum exit_code command_serve(struct cli *cli);
enum exit_code command_pages(struct cli *cli);
enum exit_code command_worker(struct cli *cli);
enum exit_code command_table(struct cli *cli);

/* For a child: end with the parent whose number --parent gives (0 or absent: on its own), and tell it that work has begun. */
bool child_begin(struct cli *cli, int64_t *parent) MUST;
void child_ready(int64_t parent);
/* Blocks SIGINT and SIGTERM in this thread and those it will start, and waits for one of them. */
void stop_block(void);
void stop_wait(void);

#endif
