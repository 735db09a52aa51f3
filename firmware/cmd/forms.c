#include "forms.h"

#include <string.h>

#include "shipped.h"
#include "table.h"

static enum fw_outcome print_usage(struct fw_module *module, const char *usage)
{
    if (usage[0] != '\0') {
        fw_reply_message(&module->reply, FW_MSG_USAGE, usage);
    }
    fw_reply_message(&module->reply, FW_MSG_USAGE_END);
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

/* rest: what stands behind the name, "=" and the parameters; or NULL, none at all. */
static enum fw_outcome run_set(struct fw_module *module, const struct fw_command *command,
                               char *rest, size_t len)
{
    const struct fw_rules *own = fw_shipped_row(command->id)->rules[module->multiple];
    bool has_own = own != NULL && fw_has_quirk(module->habits, FW_QUIRK_OWN_RULES);
    bool error = fw_has_quirk(module->habits, FW_QUIRK_NO_NUMBER_ERROR);
    struct fw_reading reading = {
        .schema = has_own ? &own->schema : command->args,
        .demand = has_own ? &own->demand : NULL,
        .multiple = module->multiple,
        .splits_in_quotes = fw_has_quirk(module->habits, FW_QUIRK_SPLITS_IN_QUOTES),
        .loose_numbers = fw_has_quirk(module->habits, FW_QUIRK_LOOSE_NUMBERS),
        .no_number = error ? FW_FAULT_ERROR : FW_FAULT_PARSE,
        .module = module,
    };
    struct fw_args args;

    switch (fw_args_check(rest != NULL ? rest + 1 : NULL, len - 1, &reading, &args)) {
    case FW_FAULT_PARSE:
        return FW_BAD_PARAMETER;
    case FW_FAULT_ERROR:
        return FW_FAILED;
    default:
        return command->set(module, &args);
    }
}

static enum fw_outcome run_form(struct fw_module *module, const struct fw_command *command,
                                enum at_form form, char *rest, size_t len)
{
    static const struct fw_args no_args;

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
        return run_set(module, command, rest, len);
    }
    return FW_FAILED;
}

static bool has_own_forms(const struct fw_module *module)
{
    return fw_has_quirk(module->habits, FW_QUIRK_OWN_FORMS);
}

/* A module that has forms of its own; what is no form is ERROR. */
static enum fw_outcome run_own_form(struct fw_module *module, const struct fw_command *command,
                                    char *rest, size_t len)
{
    const struct fw_shipped *shipped = fw_shipped_row(command->id);
    unsigned form = form_of(rest, len), forms = at_command_forms(command->id);

    if (form == AT_S) {
        len = 1 + read_length(module, rest + 1, len - 1);
        form = len == 1 || rest[1] == '?' ? 0 : AT_S;
    }
    if (shipped->any_form && (form & (AT_T | AT_Q | AT_S)) != 0) {
        return FW_DONE;
    }
    if (form == AT_S && (forms & AT_S) == 0 && shipped->set_parse) {
        return FW_BAD_PARAMETER;
    }
    if (form == AT_E && shipped->plain[module->multiple]) {
        return run_form(module, command, AT_S, NULL, 1);
    }
    forms &= shipped->no_test ? ~(unsigned)AT_T : forms;
    return (forms & form) != 0 ? run_form(module, command, (enum at_form)form, rest, len)
                               : FW_FAILED;
}

static enum fw_outcome run_command(struct fw_module *module, const struct fw_command *command,
                                   char *rest, size_t len)
{
    unsigned form = form_of(rest, len);

    if (has_own_forms(module)) {
        return run_own_form(module, command, rest, len);
    }
    if (form == 0) {
        return FW_BAD_PARAMETER;
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

/* Commands that exist and do nothing. */
static enum fw_outcome refuse(struct fw_module *module, const char *name, size_t name_len,
                              const char *rest, size_t len)
{
    if (!has_own_forms(module)) {
        return FW_FAILED;
    }
    if (!fw_shipped_refuses(name, name_len)) {
        return FW_UNKNOWN;
    }
    return form_of(rest, len) == AT_T ? print_usage(module, "") : FW_FAILED;
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
    if (command != NULL && (!command->extension || module->port->extensions)) {
        return run_command(module, command, text + name, len - name);
    }
    if (command != NULL || fw_command_is_refused(text, name)) {
        return refuse(module, text, name, text + name, len - name);
    }
    return FW_UNKNOWN;
}
