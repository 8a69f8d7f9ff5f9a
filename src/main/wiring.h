/* Commands that need more rooms than the command line may know. */
#ifndef MAIN_WIRING_H
#define MAIN_WIRING_H

#include "cli/command.h"

enum exit_code command_serve(struct cli *cli);

#endif
