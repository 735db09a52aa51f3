"""Makes a C file of transcripts, so that an installed program has them: embed.py OUTPUT INPUT..."""
import os
import sys

output, inputs = sys.argv[1], sys.argv[2:]
with open(output, "w") as out:
    out.write('#include "embedded.h"\n\n')
    for number, path in enumerate(inputs):
        with open(path, "rb") as file:
            out.write("static const char text_%d[] = {%s,0};\n" % (number, ",".join(str(b) for b in file.read())))
    out.write("\nconst struct transcript_file transcript_files[] = {\n")
    for number, path in enumerate(inputs):
        out.write('    {"%s", text_%d},\n' % (os.path.basename(path), number))
    out.write("};\nconst size_t transcript_file_count = sizeof transcript_files / sizeof *transcript_files;\n")
