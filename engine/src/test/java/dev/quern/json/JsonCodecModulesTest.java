package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonCodecModulesTest {

  @TempDir Path directory;

  @Test
  void a_record_in_a_closed_package_says_what_to_open() throws Exception {
    var record = recordIn("module shop {}");

    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new JsonCodec().decode("{\"x\":1}", record));

    assertEquals(
        "$: component x of record shop.orders.Order: record shop.orders.Order is closed to Quern:"
            + " add `opens shop.orders to dev.quern` to the module shop",
        refusal.getMessage());
  }

  @Test
  void a_record_in_an_open_package_can_be_read_and_written() throws Exception {
    var record = recordIn("module shop { opens shop.orders; }");

    var order = new JsonCodec().decode("{\"x\":1}", record);

    assertEquals("{\"x\":1}", new JsonCodec().encode(order));
  }

  private Class<?> recordIn(String module) throws IOException, ClassNotFoundException {
    var sources = Files.createDirectories(directory.resolve("source/shop/orders")).getParent();
    var descriptor = sources.resolveSibling("module-info.java");
    var record = sources.resolve("orders/Order.java");
    Files.writeString(descriptor, module);
    Files.writeString(record, "package shop.orders; record Order(int x) {}");
    var classes = directory.resolve("classes");
    compile(classes, descriptor, record);
    return load(classes);
  }

  private static void compile(Path classes, Path descriptor, Path record) {
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                descriptor.toString(),
                record.toString());
    assertEquals(0, status);
  }

  private static Class<?> load(Path classes) throws ClassNotFoundException {
    var configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("shop"));
    return ModuleLayer.boot()
        .defineModulesWithOneLoader(configuration, ClassLoader.getSystemClassLoader())
        .findLoader("shop")
        .loadClass("shop.orders.Order");
  }
}
