import com.espertech.esper.common.client.EventBean;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import com.espertech.esper.runtime.client.EPStatement;
import java.util.List;
import java.util.Objects;

/** Arguments: input, sample, place from which on is measured. Prints `rate`, `bytes` and sampled values. */
public final class EsperBench {
  private static int number;
  private static String[] keys;
  private static boolean sampling;
  private static long seen;
  private static final StringBuilder out = new StringBuilder();

  public static void main(String[] args) throws Exception {
    Input input = new Input(args[0]);
    int sample = Integer.parseInt(args[1]);
    double from = Double.parseDouble(args[2]);
    Configuration configuration = new Configuration();
    configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
    for (Input.Table table : input.tables) {
      String[] names = new String[table.columns().size()];
      Object[] types = new Object[names.length];
      for (int at = 0; at < names.length; at++) {
        names[at] = table.columns().get(at).name();
        types[at] = switch (table.columns().get(at).type()) {
          case "number" -> Double.class;
          case "boolean" -> Boolean.class;
          default -> String.class;
        };
      }
      configuration.getCommon().addEventType(table.name(), names, types);
    }
    keys = new String[input.statements.size()];
    run(configuration, input, sample, 0, "warm").destroy();
    long before = used();
    EPRuntime engine = run(configuration, input, 0, (int) (input.events.size() * from), "measured");
    // The events are there before and after, so what they take does not count.
    out.append("bytes\t").append(used() - before).append('\n');
    engine.destroy();
    System.out.print(out);
  }

  private static long used() {
    for (int round = 0; round < 3; round++) System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static EPRuntime run(Configuration configuration, Input input, int sample, int from, String name) throws Exception {
    EPRuntime engine = EPRuntimeProvider.getRuntime(name, configuration);
    engine.getEventService().advanceTime(input.events.get(0).t() - 1);
    for (int at = 0; at < input.statements.size(); at++) {
      var compiled = EPCompilerProvider.getCompiler().compile("@name('s" + at + "') " + input.statements.get(at).epl(), new CompilerArguments(configuration));
      EPStatement statement = engine.getDeploymentService().deploy(compiled).getStatements()[0];
      int index = at;
      String[] names = statement.getEventType().getPropertyNames();
      statement.addListener((news, olds, from1, runtime) -> {
        if (news == null) return;
        seen += news.length;
        if (!sampling) return;
        for (EventBean row : news) {
          if (!Objects.equals(row.get(names[0]), keys[index])) continue;
          Object[] values = new Object[names.length - 1];
          for (int column = 1; column < names.length; column++) values[column - 1] = row.get(names[column]);
          Input.print(out, number, index, values);
        }
      });
    }
    long started = System.nanoTime();
    int count = 0;
    List<Input.Event> events = input.events;
    for (Input.Event event : events) {
      if (count++ == from) started = System.nanoTime();
      sampling = false;
      engine.getEventService().advanceTime(event.t());
      number = event.number();
      sampling = sample > 0 && number % sample == 0;
      if (sampling)
        for (int at = 0; at < keys.length; at++) {
          Input.Statement statement = input.statements.get(at);
          keys[at] = statement.table() == event.table() ? (String) event.values()[statement.key()] : "\u0000";
        }
      engine.getEventService().sendEventObjectArray(event.values(), input.tables.get(event.table()).name());
    }
    if (sample == 0) out.append("rate\t").append((events.size() - from) / ((System.nanoTime() - started) / 1e9)).append('\n');
    return engine;
  }
}
