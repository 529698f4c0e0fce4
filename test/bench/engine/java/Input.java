import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What both programs read: tables, statements and events, as `queries.ts` writes them. */
final class Input {
  record Column(String name, String type) {}

  record Table(String name, List<Column> columns) {
    int index(String column) {
      for (int at = 0; at < columns.size(); at++) if (columns.get(at).name().equals(column)) return at;
      throw new IllegalArgumentException(column);
    }
  }

  record Statement(int table, int key, String epl, String sql) {}

  record Event(int table, int number, long t, Object[] values) {}

  final List<Table> tables = new ArrayList<>();
  final List<Statement> statements = new ArrayList<>();
  List<Event> events = new ArrayList<>();

  Input(String file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(Path.of(file))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] cells = line.split("\t", -1);
        switch (cells[0]) {
          case "table" -> {
            List<Column> columns = new ArrayList<>();
            for (int at = 2; at < cells.length; at++) columns.add(new Column(cells[at].split(":")[0], cells[at].split(":")[1]));
            tables.add(new Table(cells[1], columns));
          }
          case "statement" -> {
            int table = 0;
            while (!tables.get(table).name().equals(cells[1])) table++;
            statements.add(new Statement(table, tables.get(table).index(cells[2]), cells[3], cells[4]));
          }
          default -> {
            int table = Integer.parseInt(cells[1]);
            Object[] values = new Object[cells.length - 4];
            for (int at = 0; at < values.length; at++) values[at] = value(tables.get(table).columns().get(at).type(), cells[at + 4]);
            events.add(new Event(table, Integer.parseInt(cells[2]), Long.parseLong(cells[3]), values));
          }
        }
      }
    }
  }

  private static Object value(String type, String text) {
    if (text.equals("\\N")) return null;
    return switch (type) {
      case "number" -> Double.valueOf(text);
      case "boolean" -> Boolean.valueOf(text);
      default -> text.intern();
    };
  }

  /** A line of a result: event, statement, values. */
  static void print(StringBuilder out, int number, int statement, Object[] values) {
    out.append("value\t").append(number).append('\t').append(statement);
    for (Object value : values) out.append('\t').append(value == null ? "\\N" : value.toString());
    out.append('\n');
  }
}
