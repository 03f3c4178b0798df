/** What `spillway help` prints. */
export const HELP_TEXT = `Simulates an event-driven architecture and says where it floods.

  spillway run DESIGN [options]        run it and print its figures
    --seed SEED                        another seed; the same seed gives the same run
    --until TIME                       stop at this simulated time, such as 10m, 90s, 500ms
    --warm-up TIME                     measure only from here on
    --set NODE.FIELD=VALUE             change a field, by the node's id or name; may be repeated
    --json                             figures as one JSON object
    --stop-on-violation                stop at the first message that breaks a delivery guarantee, and name it
    --trace FILE.ndjson                every step of every message, one JSON object a line
  spillway export DESIGN --to mermaid [-o FILE]
  spillway export DESIGN --to planned  the design with its random faults written out as planned ones: the same run
  spillway export DESIGN --to link     the design as the end of a link: put it behind the address of the page
  spillway validate DESIGN [--json]    say what is wrong with it, run nothing
  spillway gallery [list | show NAME]  the example designs
  spillway schema                      JSON Schema of a design file
  spillway rules                       the broker rules alone: a JSON list of {rule, input} on standard input,
                                       a JSON list of answers on standard output

DESIGN is a file, - for standard input, gallery:NAME, or a link that was copied on the page, in quotes.

Exit codes: 0 done; 1 the design has errors, or a limit or a broken guarantee stopped the run; 2 the command was not understood;
3 a file could not be read or written; 130 stopped by Ctrl-C, with the figures up to then.
`;
