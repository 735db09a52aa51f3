#include "forms.h"

#include <string.h>

#include "table.h"

static enum fw_outcome print_usage(struct fw_module *module, const char *usage)
{
    fw_reply_message(&module->reply, FW_MSG_USAGE, usage);
    return FW_DONE;
}

/* The form that the text behind the name asks for, or 0 when it is none. */
static unsigned form_of(const char *rest, size_t len)
{
    if (len == 0) {
        return AT_E;
    }
    if (len == 1 && rest[0] == '?') {
        return AT_Q;
    }
    if (len == 2 && rest[0] == '=' && rest[1] == '?') {
        return AT_T;
    }
    return rest[0] == '=' ? AT_S : 0;
}

/* How much of the line is read. */
static size_t read_length(const struct fw_module *module, const char *text, size_t len)
{
    size_t n = 0;

    if (!fw_has_quirk(module->habits, FW_QUIRK_NAME_ENDS)) {
        return len;
    }
    while (n < len && text[n] != '\r' && text[n] != '\n') {
        n++;
    }
    return n;
}

static enum fw_outcome run_form(struct fw_module *module, const struct fw_command *command,
                                enum at_form form, char *rest, size_t len)
{
    static const struct fw_args no_args;
    struct fw_args args;

    module->poll = command->poll;
    module->job_ms = FW_NEVER;
    switch (form) {
    case AT_T:
        return print_usage(module, command->usage);
    case AT_Q:
        return command->query(module, &no_args);
    case AT_E:
        return command->execute(module, &no_args);
    case AT_S:
        break;
    }
    len = read_length(module, rest, len);
    if (!fw_args_read(rest + 1, len - 1, command->args, module->multiple, &args)) {
        return FW_BAD_PARAMETER;
    }
    return command->set(module, &args);
}

static enum fw_outcome run_command(struct fw_module *module, const struct fw_command *command,
                                   char *rest, size_t len)
{
    unsigned form = form_of(rest, len);

    if (form == 0) {
        return fw_has_quirk(module->habits, FW_QUIRK_WRONG_FORM) ? FW_FAILED : FW_BAD_PARAMETER;
    }
    if ((at_command_forms(command->id) & form) == 0) {
        return FW_FAILED;
    }
    return run_form(module, command, (enum at_form)form, rest, len);
}

static size_t name_length(const char *name, size_t len)
{
    size_t n = 0;

    while (n < len && name[n] != '?' && name[n] != '=') {
        n++;
    }
    return n;
}

enum fw_outcome fw_run_line(struct fw_module *module, char *text, size_t len)
{
    const struct fw_command *command;
    size_t prefix = len > 2 && text[2] == '+' ? 3 : 2;
    size_t name;

    if (len < 2 || memcmp(text, "AT", 2) != 0) {
        return FW_UNKNOWN;
    }
    text += prefix;
    len -= prefix;
    name = name_length(text, read_length(module, text, len));
    if ((name > 0) != (prefix == 3)) {
        return FW_UNKNOWN; /* "AT+" alone, or "ATX" */
    }
    command = fw_command_find(text, name);
    if (command != NULL && command->extension && !module->port->extensions) {
        return FW_FAILED;
    }
    if (command != NULL) {
        return run_command(module, command, text + name, len - name);
    }
    return fw_command_is_refused(text, name) ? FW_FAILED : FW_UNKNOWN;
}
