using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace Relapse.Registry.Store;

/// <summary>A script that changes the tables, run once and in order.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="OldestReader">
/// Who can go on with the tables as it leaves them: releases that know the script of this number. Its own number, unless it says otherwise:
/// nobody from before.
/// </param>
/// <param name="Sql">What it does.</param>
internal sealed record StoreScript(long Number, long OldestReader, string Sql);

/// <summary>
/// The scripts that this release knows. Those of a later one may have been run on the same tables, as while replicas of both run and
/// after a rollback. Each script says in its first line from which script on releases can go on with what it leaves; one that only adds tables, or columns with a
/// default, says the number that the one before it says.
/// </summary>
internal static class StoreScripts
{
    private const string Says = "-- oldest reader: ";

    /// <summary>The scripts of an engine, in order.</summary>
    public static IReadOnlyList<StoreScript> Of(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = engine + "/";
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return Script(Number(Path.GetFileNameWithoutExtension(name)), text.ReadToEnd());
            }),
        ];
    }

    /// <summary>A script by its text.</summary>
    internal static StoreScript Script(long number, string sql)
    {
        var first = sql.Split('\n', 2)[0].TrimEnd();
        return new StoreScript(number, first.StartsWith(Says, StringComparison.Ordinal) ? Number(first[Says.Length..]) : number, sql);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A later release has changed the tables, while this one was running, so that this one cannot go on with them.</summary>
internal sealed class LaterTablesException(long oldest, long known)
    : DbException($"the registry's store was changed by a later release, for releases that know script {oldest}; this one knows {known}");
