package dev.quern.bench;

import java.util.List;
import java.util.Locale;

/// Plain plots that can be read on a light and on a dark page.
final class Svg {
  private static final int WIDTH = 720;
  private static final int LABELS = 300;
  private static final int BAR = 18;
  private static final int STEP = 26;
  private static final int TOP = 34;

  private static final String HEAD =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
      <style>
        text { fill: #333 } .bar { fill: #4878a8 } .line { stroke: #4878a8; fill: none; stroke-width: 1.5 }
        .axis { stroke: #888; stroke-width: 1 }
        @media (prefers-color-scheme: dark) {
          text { fill: #ccc } .bar { fill: #6a9fd4 } .line { stroke: #6a9fd4 }
        }
      </style>
      """;

  private Svg() {}

  /// One bar.
  record Bar(String label, double value, String unit) {}

  /// Bars from 0, each with its value.
  static String bars(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    StringBuilder svg = head(title, TOP + STEP * bars.size());
    for (int i = 0; i < bars.size(); i++) {
      bar(svg, bars.get(i), TOP + STEP * i, most);
    }
    return svg.append("</svg>\n").toString();
  }

  private static StringBuilder head(String title, int height) {
    return new StringBuilder(HEAD.formatted(WIDTH, height + 10))
        .append("<text x=\"0\" y=\"16\" font-size=\"14\">%s</text>\n".formatted(escaped(title)));
  }

  private static void bar(StringBuilder svg, Bar bar, int y, double most) {
    double length = Math.max(1, (WIDTH - LABELS - 110) * bar.value() / most);
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                + "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
            LABELS - 8,
            y + 13,
            escaped(bar.label()),
            LABELS,
            y,
            length,
            BAR,
            LABELS + length + 6,
            y + 13,
            escaped(Figures.of(bar.value(), bar.unit()))));
  }

  /// A row of small curves over the same seconds, each from 0 to its own maximum.
  static String curves(String title, List<Curve> curves) {
    int each = 90;
    StringBuilder svg = head(title, TOP + each * curves.size());
    for (int i = 0; i < curves.size(); i++) {
      curve(svg, curves.get(i), TOP + each * i, each - 30);
    }
    return svg.append("</svg>\n").toString();
  }

  /// One curve.
  record Curve(String label, String unit, List<Double> values) {
    double most() {
      return Math.max(1e-9, values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
    }
  }

  private static void curve(StringBuilder svg, Curve curve, int top, int height) {
    StringBuilder points = new StringBuilder();
    double step = (double) (WIDTH - LABELS / 2) / Math.max(1, curve.values().size() - 1);
    for (int i = 0; i < curve.values().size(); i++) {
      double y = top + height * (1 - curve.values().get(i) / curve.most());
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", LABELS / 2 + step * i, y));
    }
    svg.append(
        "<text x=\"0\" y=\"%d\">%s</text><text x=\"0\" y=\"%d\">0 to %s</text>"
            .formatted(top + 14, curve.label(), top + 32, Figures.of(curve.most(), curve.unit())));
    svg.append(
        "<path class=\"axis\" d=\"M%d %dH%d\"/><polyline class=\"line\" points=\"%s\"/>%n"
            .formatted(LABELS / 2, top + height, WIDTH, points.toString().strip()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
