using System.Globalization;
using System.Xml.Linq;
using static Relapse.Clinical.Dmn.DmnNames;

namespace Relapse.Clinical.Dmn;

/// <summary>Where a modeller draws the requirements graph: inputs at the bottom, each decision above those that feed it, sources at the side.</summary>
internal static class DmnPicture
{
    private const int Width = 200, Height = 60, Column = 240, Layer = 160;

    public static XElement Of(IReadOnlyList<XElement> decisions, IReadOnlyList<XElement> data, IReadOnlyList<XElement> sources)
    {
        Dictionary<string, int> depths = data.ToDictionary(Id, _ => 0, StringComparer.Ordinal);
        foreach (var decision in Feeding(decisions))
        {
            depths[Id(decision)] = 1 + Required(decision).Select(id => depths.GetValueOrDefault(id)).DefaultIfEmpty().Max();
        }

        var top = depths.Values.DefaultIfEmpty().Max();
        Dictionary<string, (int X, int Y)> places = new(StringComparer.Ordinal);
        foreach (var layer in depths.GroupBy(entry => entry.Value))
        {
            foreach (var (index, entry) in layer.Index())
            {
                places[entry.Key] = (Column * index, Layer * (top - entry.Value));
            }
        }

        var side = Column * (1 + depths.GroupBy(entry => entry.Value).Select(layer => layer.Count()).DefaultIfEmpty().Max());
        foreach (var (index, source) in sources.Index())
        {
            places[Id(source)] = (side, Layer * index);
        }

        return new XElement(
            Diagram + "DMNDI",
            new XElement(
                Diagram + "DMNDiagram",
                new XAttribute("id", "diagram"),
                places.Select(place => new XElement(
                    Diagram + "DMNShape",
                    new XAttribute("id", "shape." + place.Key),
                    new XAttribute("dmnElementRef", place.Key),
                    new XElement(Bounds + "Bounds", Number("height", Height), Number("width", Width), Number("x", place.Value.X), Number("y", place.Value.Y)))),
                decisions.SelectMany(decision => Edges(decision, places))));
    }

    private static IEnumerable<XElement> Edges(XElement decision, Dictionary<string, (int X, int Y)> places) =>
        from requirement in decision.Elements().Where(element => element.Name.LocalName is "informationRequirement" or "authorityRequirement")
        let start = places[Href(requirement.Elements().First())]
        let end = places[Id(decision)]
        select new XElement(
            Diagram + "DMNEdge",
            new XAttribute("id", "edge." + Id(requirement)),
            new XAttribute("dmnElementRef", Id(requirement)),
            new XElement(Lines + "waypoint", Number("x", start.X + (Width / 2)), Number("y", start.Y)),
            new XElement(Lines + "waypoint", Number("x", end.X + (Width / 2)), Number("y", end.Y + Height)));

    /// <summary>Every decision after those that feed it; a checked document has no circles.</summary>
    private static IEnumerable<XElement> Feeding(IReadOnlyList<XElement> decisions)
    {
        HashSet<string> done = new(StringComparer.Ordinal);
        IEnumerable<XElement> Visit(XElement decision) => !done.Add(Id(decision))
            ? []
            : decisions.Where(other => Required(decision).Contains(Id(other))).SelectMany(Visit).Append(decision).ToList();
        return decisions.SelectMany(Visit);
    }

    private static IEnumerable<string> Required(XElement decision) => decision.Elements(Model + "informationRequirement").Select(requirement => Href(requirement.Elements().First()));

    private static string Href(XElement reference) => reference.Attribute("href")!.Value[1..];

    private static string Id(XElement element) => element.Attribute("id")!.Value;

    private static XAttribute Number(string name, int value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}
