package dev.quern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A command, declared once: parsing, help and suggestions all come from here.
///
/// @param name what is typed
/// @param summary one line, what it does, lower case, without a full stop
/// @param operands how the operands look in the usage, such as `ID…`
/// @param least how many operands it needs
/// @param most how many it takes
/// @param own its options, without the [Common] ones
/// @param examples whole command lines, at least one
/// @param details more for its help, or empty
/// @param anywhere whether it can also ask a server: it takes [Queues#OPTIONS] then
/// @param action what it does
record Command(
    String name,
    String summary,
    String operands,
    int least,
    int most,
    List<Option<?>> own,
    List<String> examples,
    String details,
    boolean anywhere,
    Action action) {

  /// What a command does.
  interface Action {
    /// @return the exit code, one of [Exit]
    int run(Arguments arguments, Console console) throws Exception;
  }

  /// A command without operands and options of its own, that does nothing yet.
  static Command named(String name, String summary) {
    return new Command(name, summary, "", 0, 0, List.of(), List.of(), "", false, (_, _) -> Exit.OK);
  }

  /// With operands.
  Command operands(String operands, int least, int most) {
    return new Command(
        name, summary, operands, least, most, own, examples, details, anywhere, action);
  }

  /// With these options.
  Command options(Option<?>... own) {
    return new Command(
        name, summary, operands, least, most, List.of(own), examples, details, anywhere, action);
  }

  /// With one more example.
  Command example(String example) {
    List<String> more = new ArrayList<>(examples);
    more.add(example);
    return new Command(
        name, summary, operands, least, most, own, List.copyOf(more), details, anywhere, action);
  }

  /// With more to say.
  Command details(String details) {
    return new Command(
        name, summary, operands, least, most, own, examples, details, anywhere, action);
  }

  /// That can ask a server too.
  Command atServersToo() {
    return new Command(name, summary, operands, least, most, own, examples, details, true, action);
  }

  /// With what it does.
  Command does(Action action) {
    return new Command(
        name, summary, operands, least, most, own, examples, details, anywhere, action);
  }

  /// All its options: its own and those of every command.
  Stream<Option<?>> options() {
    Stream<Option<?>> mine = Stream.concat(own.stream(), Common.OPTIONS.stream());
    return anywhere ? Stream.concat(mine, Queues.OPTIONS.stream()) : mine;
  }
}
