namespace Relapse.Load.Servers;

/// <summary>Where <c>./relapse bench</c> publishes the programs of a run: folders beside each other.</summary>
internal static class Published
{
    public const string AllInOne = "allinone/Relapse.AllInOne";
    public const string Gateway = "gateway/Relapse.Gateway";
    public const string Load = "load/Relapse.Load";
}
