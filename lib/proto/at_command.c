#include "at_command.h"

#define AT_COMMAND(id, name, forms, chapter) const char at_name_##id[] = name;
#include "at_command.def"
#undef AT_COMMAND

static const struct {
    const char *name;
    unsigned char forms;
    unsigned char chapter;
} commands[AT_COMMAND_COUNT] = {
#define AT_COMMAND(id, name, forms, chapter)                                                       \
    [AT_CMD_##id] = {at_name_##id, forms, AT_CHAPTER_##chapter},
#include "at_command.def"
#undef AT_COMMAND
};

const char *at_command_name(enum at_command command)
{
    return commands[command].name;
}

unsigned at_command_forms(enum at_command command)
{
    return commands[command].forms;
}

enum at_chapter at_command_chapter(enum at_command command)
{
    return (enum at_chapter)commands[command].chapter;
}
