using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Relapse.Hosting.OpenApi;

/// <summary>The contract to read: one page of plain HTML with every service, RPC, message, field and value, without script or other resources.</summary>
internal sealed partial class ContractPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8886; --soft: #8881; --link: light-dark(#0b57d0, #8ab4f8); }
        body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 72rem; }
        a { color: var(--link); } h2 { margin-top: 3rem; border-bottom: 2px solid var(--line); } h3 { margin-top: 2.5rem; }
        h3, td code, dd code { overflow-wrap: anywhere; } code { font: .9em ui-monospace, monospace; }
        nav ul { columns: 18rem; } table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
        caption { text-align: left; font-weight: 600; padding: .25rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border: 1px solid var(--line); }
        thead { background: var(--soft); } th[scope=row] { font-weight: 400; } td p { margin: 0 0 .4rem; }
        @media (max-width: 48rem) { body { padding: 1rem .75rem; } th code { overflow-wrap: anywhere; } }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; }
        """;

    private readonly StringBuilder _html = new();
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private readonly Contract _contract;
    private readonly List<MessageDescriptor> _messages;

    private ContractPage(Contract contract)
    {
        _contract = contract;
        var own = contract.Ours.SelectMany(file => file.MessageTypes);
        var errors = Errors.JsonStatus.Details.Select(detail => contract.Message(detail.FullName)).Append(contract.Message("google.rpc.Status"));
        _messages = [.. ContractUse.Reach(own.Concat(errors))
            .Where(message => message.GetOptions()?.MapEntry is not true)
            .OrderBy(message => IsOurs(message) ? 0 : 1)];
        _described.UnionWith(_messages.Select(message => message.FullName));
    }

    /// <summary>Writes the page, in UTF-8.</summary>
    public static byte[] Write(Contract contract) => Encoding.UTF8.GetBytes(new ContractPage(contract).Build());

    private string Build()
    {
        Head();
        Contents();
        Line("<main>");
        HowToCall();
        ErrorTable();
        Line("<h2 id=\"services\">Services</h2>");
        foreach (var service in _contract.Services)
        {
            Service(service);
        }

        Line("<h2 id=\"messages\">Messages</h2>");
        _messages.ForEach(Message);
        Line("<h2 id=\"values\">Words that a field can have</h2>");
        foreach (var type in Enums())
        {
            Enum(type);
        }

        Line("</main>\n</body>\n</html>");
        return _html.ToString();
    }

    private void Head() => Line($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Relapse: the contract</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <header>
            <h1>Relapse: the contract</h1>
            {Text(IntendedUse.Statement)}
            {Text(IntendedUse.NotFor)}
            {Text($"Engine {EngineVersion.Current}. The same as a machine reads it, for the services that answer here: ")}<p><a href="/openapi.json">/openapi.json</a></p>
            </header>
            """);

    private void Contents()
    {
        Line("<nav aria-label=\"Contents\">\n<h2 id=\"contents\">Contents</h2>\n<ul>");
        Line("<li><a href=\"#calling\">How to call</a></li>\n<li><a href=\"#errors\">Errors</a></li>");
        foreach (var method in _contract.Services.SelectMany(service => service.Methods))
        {
            Line($"<li>{Link(method.FullName, $"{method.Service.Name}.{method.Name}")}</li>");
        }

        Line("<li><a href=\"#messages\">Messages</a></li>\n<li><a href=\"#values\">Words that a field can have</a></li>\n</ul>\n</nav>");
    }

    private void HowToCall() => Line($"""
        <h2 id="calling">How to call</h2>
        {Text("Every RPC is called over gRPC by its full name, and those with a path below over HTTP with JSON as well. Both faces are one implementation and answer the same.")}
        {Text("JSON is the canonical mapping of proto3: keys in lowerCamelCase, enum values by name, 64-bit integers as strings, what has its default left out. Absent is never zero, false or empty: three different things. An unknown or repeated key is refused. `null` for a single field is taken as absent.")}
        {Text("Paths of fields, wherever one is named (`unknown`, `bounded`, `missing`, errors), have proto names from the root of the request: `case.mrd[0].sensitivity`.")}
        """);

    private void ErrorTable()
    {
        Line("<h2 id=\"errors\">Errors</h2>");
        Line(Text("Every error is a google.rpc.Status with an ErrorInfo (reason, domain `relapse`); a gRPC caller has it in `grpc-status-details-bin`, a JSON caller as the body. No message of an error has a value of a case. Incomplete facts are never an error."));
        Line("<table>\n<caption>Codes</caption>\n<thead><tr><th scope=\"col\">Code</th><th scope=\"col\">HTTP</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>");
        foreach (var (code, name, meaning) in ErrorCatalogue.Codes)
        {
            var http = Errors.JsonStatus.HttpStatusOf(code).ToString(CultureInfo.InvariantCulture) + (name == "RESOURCE_EXHAUSTED" ? ", or 413 for a body that is too large" : "");
            Line($"<tr><th scope=\"row\"><code>{name}</code></th><td>{http}</td><td>{Text(meaning)}</td></tr>");
        }

        Line("</tbody>\n</table>");
    }

    private void Service(ServiceDescriptor service)
    {
        Line($"<section aria-labelledby=\"{service.FullName}\">\n<h3 id=\"{service.FullName}\">{service.FullName}</h3>\n{Text(Contract.Comment(service))}");
        foreach (var method in service.Methods)
        {
            Line($"""
                <h4 id="{method.FullName}">{method.Name}</h4>
                {Text(Contract.Comment(method))}
                <dl>
                <dt>gRPC</dt><dd><code>{service.FullName}/{method.Name}</code></dd>
                <dt>JSON</dt><dd>{Json(method)}</dd>
                <dt>Request</dt><dd>{(method.IsClientStreaming ? "stream of " : "")}{Link(method.InputType)}</dd>
                <dt>Answer</dt><dd>{(method.IsServerStreaming ? "stream of " : "")}{Link(method.OutputType)}</dd>
                </dl>
                """);
        }

        Line("</section>");
    }

    private static string Json(MethodDescriptor method) => HttpBinding.Of(method) is { Count: > 0 } bindings
        ? string.Join("<br>", bindings.Select(binding => $"<code>{binding.Verb.ToUpperInvariant()} {Escape(binding.Path)}</code>"))
        : "over gRPC only";

    private void Message(MessageDescriptor message)
    {
        Line($"<section aria-labelledby=\"{message.FullName}\">\n<h3 id=\"{message.FullName}\">{message.FullName}</h3>\n{Text(Contract.Comment(message))}");
        if (message.Fields.InDeclarationOrder() is { Count: > 0 } fields)
        {
            Line($"<table>\n<caption>Fields of {message.Name}</caption>\n<thead><tr><th scope=\"col\">Field, and its key in JSON</th><th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>");
            foreach (var field in fields)
            {
                var key = field.JsonName == field.Name ? "" : $"<br><code>{field.JsonName}</code>";
                Line($"<tr><th scope=\"row\"><code>{field.Name}</code>{key}</th><td>{TypeOf(field)}</td><td>{Text(Contract.Comment(field))}</td></tr>");
            }

            Line("</tbody>\n</table>");
        }

        Line("</section>");
    }

    private void Enum(EnumDescriptor type)
    {
        Line($"<section aria-labelledby=\"{type.FullName}\">\n<h3 id=\"{type.FullName}\">{type.FullName}</h3>\n{Text(Contract.Comment(type))}");
        Line($"<table>\n<caption>Values of {type.Name}</caption>\n<thead><tr><th scope=\"col\">Value</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>");
        foreach (var value in type.Values)
        {
            Line($"<tr><th scope=\"row\"><code>{value.Name}</code></th><td>{Text(Contract.Comment(value))}</td></tr>");
        }

        Line("</tbody>\n</table>\n</section>");
    }

    private string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return $"map from {TypeOf(field.MessageType.FindFieldByNumber(1))} to {TypeOf(field.MessageType.FindFieldByNumber(2))}";
        }

        var type = field.FieldType switch
        {
            FieldType.Message => Link(field.MessageType),
            FieldType.Enum => Link(field.EnumType.FullName, field.EnumType.Name),
            var scalar => scalar.ToString().ToLowerInvariant(),
        };
        return (field.IsRepeated ? "list of " : "") + type
            + (Contract.IsRequired(field) ? ", required" : "")
            + (field.RealContainingOneof is { } oneof ? $", at most one of <code>{oneof.Name}</code>" : "");
    }

    private IEnumerable<EnumDescriptor> Enums() => _messages.SelectMany(message => message.Fields.InDeclarationOrder())
        .Where(field => field.FieldType is FieldType.Enum).Select(field => field.EnumType)
        .Concat(_contract.Ours.SelectMany(file => file.EnumTypes))
        .DistinctBy(type => type.FullName).OrderBy(type => type.FullName, StringComparer.Ordinal);

    private static bool IsOurs(MessageDescriptor message) => message.File.Package.StartsWith("relapse.", StringComparison.Ordinal);

    private string Link(MessageDescriptor message) =>
        _described.Contains(message.FullName) ? Link(message.FullName, message.Name) : Escape(message.FullName);

    private static string Link(string target, string text) => $"<a href=\"#{target}\">{Escape(text)}</a>";

    // Comments are Markdown of the plainest kind: paragraphs and code.
    private static string Text(string markdown) => string.Concat(markdown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(paragraph => $"<p>{Code().Replace(Escape(paragraph), "<code>$1</code>").Replace("\n", "<br>", StringComparison.Ordinal)}</p>"));

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private void Line(string line) => _html.Append(line).Append('\n');

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
