import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Arguments: input, sample, events that are compared value by value, seconds of warming up, seconds that are measured. Prints
 * `rate`, how many events it is `measured` over, and sampled values. A mini cluster in this process.
 */
public final class FlinkBench {
  /** A job of its own takes a second; one statement in so many has its values compared. */
  private static final int COMPARE_EVERY = 6;
  /** No table is read further ahead of another than so many events, so that a run that is cut off has had the mix of a whole one. */
  private static final int AHEAD_MAX = 2_000;

  private static Input input;
  private static volatile long startedNs;
  /** When sources end by themselves, ns after the first event. */
  private static volatile long allowedNs;
  /** Up to which event each table was read, and how many were given. */
  private static AtomicIntegerArray reached;
  private static AtomicInteger given;

  /** The events of one table out of memory. */
  public static final class Memory implements SourceFunction<Row> {
    private final int table;
    private final int until;
    private volatile boolean isRunning = true;

    Memory(int table, int until) {
      this.table = table;
      this.until = until;
    }

    @Override
    public void run(SourceContext<Row> context) throws InterruptedException {
      if (startedNs == 0) startedNs = System.nanoTime();
      try {
        read(context);
      } finally {
        reached.set(table, Integer.MAX_VALUE);
      }
    }

    private void read(SourceContext<Row> context) throws InterruptedException {
      for (Input.Event event : input.events) {
        if (!isRunning || event.number() >= until || System.nanoTime() - startedNs > allowedNs) return;
        if (event.table() != table) continue;
        reached.set(table, event.number());
        while (isRunning && event.number() > slowest() + AHEAD_MAX && System.nanoTime() - startedNs < allowedNs) Thread.sleep(1);
        given.incrementAndGet();
        Row row = new Row(event.values().length + 2);
        row.setField(0, event.number());
        row.setField(1, event.t());
        for (int at = 0; at < event.values().length; at++) row.setField(at + 2, event.values()[at]);
        context.collect(row);
      }
    }

    @Override
    public void cancel() {
      isRunning = false;
    }
  }

  private static int slowest() {
    int least = Integer.MAX_VALUE;
    for (int at = 0; at < reached.length(); at++) least = Math.min(least, reached.get(at));
    return least;
  }

  public static void main(String[] args) throws Exception {
    input = new Input(args[0]);
    int sample = Integer.parseInt(args[1]);
    int compared = Integer.parseInt(args[2]);
    int[] seconds = {Integer.parseInt(args[3]), Integer.parseInt(args[4])};
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < input.statements.size(); at += COMPARE_EVERY) {
      Input.Statement statement = input.statements.get(at);
      try (CloseableIterator<Row> rows = environment(compared, 1).executeSql(statement.sql()).collect()) {
        while (rows.hasNext()) {
          Row row = rows.next();
          int number = (Integer) row.getField(0);
          if (number % sample != 0) continue;
          Object[] values = new Object[row.getArity() - 2];
          for (int column = 2; column < row.getArity(); column++) values[column - 2] = row.getField(column);
          Input.print(out, number, at, values);
        }
      }
    }
    // The second run is measured, from the first event that a source gives to the end of the job: the first one compiles.
    double rate = 0;
    for (int run = 0; run < 2; run++) {
      StreamTableEnvironment tables = environment(Integer.MAX_VALUE, 2);
      StatementSet set = tables.createStatementSet();
      for (int at = 0; at < input.statements.size(); at++) {
        Table result = tables.sqlQuery(input.statements.get(at).sql());
        set.add(result.insertInto(TableDescriptor.forConnector("blackhole").schema(Schema.newBuilder().fromResolvedSchema(result.getResolvedSchema()).build()).build()));
      }
      allowedNs = seconds[run] * 1_000_000_000L;
      set.execute().await();
      rate = given.get() / ((System.nanoTime() - startedNs) / 1e9);
    }
    out.append("measured\t").append(given.get()).append('\n');
    out.append("rate\t").append(rate).append('\n');
    System.out.print(out);
  }

  private static StreamTableEnvironment environment(int until, int parallelism) {
    startedNs = 0;
    allowedNs = Long.MAX_VALUE;
    // A table that a job does not read holds nobody up.
    reached = new AtomicIntegerArray(input.tables.size());
    if (parallelism == 1) for (int at = 0; at < reached.length(); at++) reached.set(at, Integer.MAX_VALUE);
    given = new AtomicInteger();
    StreamExecutionEnvironment stream = StreamExecutionEnvironment.createLocalEnvironment(parallelism);
    stream.getConfig().enableObjectReuse();
    StreamTableEnvironment tables = StreamTableEnvironment.create(stream);
    for (int index = 0; index < input.tables.size(); index++) {
      Input.Table table = input.tables.get(index);
      List<String> names = new ArrayList<>(List.of("n", "t"));
      List<TypeInformation<?>> types = new ArrayList<>(List.of(Types.INT, Types.LONG));
      Schema.Builder schema = Schema.newBuilder().column("n", DataTypes.INT()).column("t", DataTypes.BIGINT());
      for (Input.Column column : table.columns()) {
        names.add(column.name());
        switch (column.type()) {
          case "number" -> {
            types.add(Types.DOUBLE);
            schema.column(column.name(), DataTypes.DOUBLE());
          }
          case "boolean" -> {
            types.add(Types.BOOLEAN);
            schema.column(column.name(), DataTypes.BOOLEAN());
          }
          default -> {
            types.add(Types.STRING);
            schema.column(column.name(), DataTypes.STRING());
          }
        }
      }
      schema.columnByExpression("rt", "to_timestamp_ltz(t, 3)").watermark("rt", "rt");
      DataStream<Row> rows = stream.addSource(new Memory(index, until)).returns(new RowTypeInfo(types.toArray(new TypeInformation[0]), names.toArray(new String[0])));
      tables.createTemporaryView(table.name(), rows, schema.build());
    }
    return tables;
  }
}
