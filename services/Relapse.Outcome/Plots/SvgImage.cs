using System.Globalization;
using System.Security;
using System.Text;

namespace Relapse.Outcomes;

/// <summary>An SVG image written from top to bottom: black on white, without script, style sheet or outside reference.</summary>
internal sealed class SvgImage
{
    public const double Margin = 16;
    public const double RemarkHeight = 14;
    private const double Width = 1130;
    private const double LineHeight = 17;
    private const double Half = 4;
    private const double Baseline = 4;
    private const int LettersOfLine = 170;
    private const double TextSize = 12;
    private const double RemarkSize = 10.5;
    private const double HeadingSize = 17;
    private const double SubheadingSize = 14;

    private readonly StringBuilder _body = new();
    private double _y = Margin * 2;

    public void Heading(string text) => Block(text, HeadingSize, "bold", LineHeight * 1.5);

    public void Subheading(string text)
    {
        Advance(LineHeight / 2);
        Block(text, SubheadingSize, "bold", LineHeight * 1.2);
    }

    /// <summary>Text in lines of its own.</summary>
    public void Paragraph(string text)
    {
        foreach (var line in Lines(text, LettersOfLine))
        {
            Block(line, TextSize, "normal", LineHeight);
        }
    }

    /// <summary>Text from the line where the image stands on; the image then stands in its last line.</summary>
    public void Wrapped(double x, string text, int letters)
    {
        foreach (var (number, line) in Lines(text, letters).Index())
        {
            Advance(number > 0 ? LineHeight : 0);
            Text(x, line);
        }
    }

    /// <summary>Text in the line where the image stands.</summary>
    public void Text(double x, string text, bool isStrong = false) => Write(x, _y + Baseline, text, TextSize, isStrong ? "bold" : "normal");

    public void Advance(double height) => _y += height;

    /// <summary>Small text in lines of its own, from the line where the image stands.</summary>
    public void Remark(double x, string text, int letters)
    {
        foreach (var (number, line) in Lines(text, letters).Index())
        {
            Advance(number > 0 ? RemarkHeight : 0);
            Write(x, _y + Baseline, line, RemarkSize, "normal");
        }
    }

    /// <summary>A list for screen readers, which may walk through its items.</summary>
    public void List(string title, Action draw)
    {
        _body.Append("<g role=\"list\" aria-label=\"").Append(Escaped(title)).Append("\">\n");
        draw();
        _body.Append("</g>\n");
    }

    /// <summary>An item of a list: one image, with its text for screen readers instead of the words drawn in it.</summary>
    public void Item(string inWords, Action draw)
    {
        _body.Append("<g role=\"listitem\"><g role=\"img\"><title>").Append(Escaped(inWords)).Append("</title>");
        draw();
        _body.Append("</g></g>\n");
    }

    /// <summary>An interval with its ends.</summary>
    public void Whisker(double from, double to, string dashes)
    {
        Stroke(from, _y, to, _y, dashes);
        Stroke(from, _y - Half, from, _y + Half, "");
        Stroke(to, _y - Half, to, _y + Half, "");
    }

    /// <summary>A range without a middle.</summary>
    public void Band(double from, double to) =>
        Append($"<rect x=\"{from:0.#}\" y=\"{_y - Half:0.#}\" width=\"{to - from:0.#}\" height=\"{2 * Half:0.#}\" fill=\"#bbb\" stroke=\"#000\"/>");

    /// <summary>A figure: a square, or for a bound a triangle that points left (-1) or right (1).</summary>
    public void Mark(double x, bool isFilled, int points)
    {
        var fill = isFilled ? "#000" : "#fff";
        if (points == 0)
        {
            Append($"<rect x=\"{x - Half:0.#}\" y=\"{_y - Half:0.#}\" width=\"{2 * Half:0.#}\" height=\"{2 * Half:0.#}\" fill=\"{fill}\" stroke=\"#000\"/>");
            return;
        }
        Append($"<path d=\"M {x:0.#} {_y - Half:0.#} L {x + (points * 2 * Half):0.#} {_y:0.#} L {x:0.#} {_y + Half:0.#} Z\" fill=\"{fill}\" stroke=\"#000\"/>");
    }

    /// <summary>Crosses out what is drawn at a place.</summary>
    public void Cross(double x)
    {
        const double Arm = 2 * Half;
        Stroke(x - Arm, _y - Arm, x + Arm, _y + Arm, "");
        Stroke(x - Arm, _y + Arm, x + Arm, _y - Arm, "");
    }

    /// <summary>An axis.</summary>
    public void Line(double from, double to) => Stroke(from, _y, to, _y, "");

    public void Tick(double x, string text)
    {
        Stroke(x, _y, x, _y + Half, "");
        Append($"<text x=\"{x:0.#}\" y=\"{_y + LineHeight:0.#}\" font-size=\"{TextSize}\" text-anchor=\"middle\">{Escaped(text)}</text>");
    }

    /// <summary>
    /// The whole image, with a title and a short description. It is a document and no image as a whole, or what stands in it could not be
    /// reached by a screen reader.
    /// </summary>
    public string Complete(string title, string description)
    {
        var height = _y + Margin;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" role="graphics-document document" aria-roledescription="forest plot" aria-labelledby="title" aria-describedby="desc" width="{Width}" height="{height:0}" viewBox="0 0 {Width} {height:0}" font-family="sans-serif" fill="#000">
            <title id="title">{Escaped(title)}</title>
            <desc id="desc">{Escaped(description)}</desc>
            <rect width="100%" height="100%" fill="#fff"/>
            {_body}</svg>

            """);
    }

    private void Block(string text, double size, string weight, double height)
    {
        Write(Margin, _y, text, size, weight);
        _y += height;
    }

    private void Write(double x, double y, string text, double size, string weight) =>
        Append($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" font-weight=\"{weight}\">{Escaped(text)}</text>");

    private void Stroke(double x1, double y1, double x2, double y2, string dashes) =>
        Append($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"#000\" stroke-width=\"1.5\"{(dashes.Length > 0 ? $" stroke-dasharray=\"{dashes}\"" : "")}/>");

    private void Append(FormattableString element) => _body.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static IEnumerable<string> Lines(string text, int letters)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > letters)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }
        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static string Escaped(string text) => SecurityElement.Escape(text) ?? "";
}
