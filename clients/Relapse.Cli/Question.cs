namespace Relapse.Cli;

/// <summary>Something that is asked with a file.</summary>
/// <param name="Word">The command.</param>
/// <param name="Path">The path of the RPC.</param>
/// <param name="Print">Prints the JSON of its answer.</param>
internal sealed record Question(string Word, string Path, Action<string, TextWriter> Print)
{
    public static Question Classify { get; } = new(
        "classify",
        "/v1/classification/relapses:classify",
        Table(new AnswerTable([("timing", "timing"), ("relapse_site", "site"), ("risk_group", "group")], showsUndefined: true)));

    public static Question Interpret { get; } = new(
        "interpret",
        "/v1/mrd/results:interpret",
        (json, output) =>
        {
            var answer = Answer.Parse(json);
            new AnswerTable(
                [("mrd_response", "MRD"), ("mrd_band", "band"), ("mrd_timing_prognosis", "prognosis"), ("pre_transplant_mrd", "before transplant")], showsUndefined: false).Print(answer, output);
            SeriesTable.Print(answer, output);
        });

    public static Question AssessResponse { get; } = new(
        "assess-response",
        "/v1/mrd/responses:assess",
        (json, output) =>
        {
            var answer = Answer.Parse(json);
            ResponseLines.Print(answer, output);
            new AnswerTable(
                [
                    ("response_marrow_status", "marrow"), ("count_recovery.a", "counts A"), ("count_recovery.b_low", "counts B low"), ("count_recovery.b_high", "counts B high"),
                    ("cns_remission", "CNS"), ("testicular_remission", "testes"), ("remission", "remission"), ("reinduction", "reinduction"), ("refractory", "refractory"),
                    ("relapse_after_remission", "new relapse"), ("dfs_event", "DFS event"),
                ],
                showsUndefined: false).Print(answer, output);
        });

    /// <summary>Of options that stand beside each other those are shown that may apply.</summary>
    public static Question Eligibility { get; } = new(
        "eligibility",
        "/v1/transplant/eligibility:assess",
        Table(new AnswerTable([("post_remission", "advice"), ("salvage_path", "salvage"), ("local_therapy.", "local")], showsUndefined: false)));

    public static Question Rank { get; } = new("rank", "/v1/transplant/donors:rank", (json, output) => DonorTable.Print(DonorList.Parse(json), output));

    public static Question Estimate { get; } = new("estimate", "/v1/outcome/estimates:make", (json, output) => EstimateTable.Print(Relapse.Cli.Estimate.Parse(json), output));

    /// <summary>The answer is the image itself.</summary>
    public static Question Plot { get; } = new("plot", "/v1/outcome/estimates:plot", (svg, output) => output.Write(svg));

    /// <summary>The question of a command; null for none.</summary>
    public static Question? Find(string word) => new[] { Classify, Interpret, AssessResponse, Eligibility, Rank, Estimate, Plot }.FirstOrDefault(question => question.Word == word);

    private static Action<string, TextWriter> Table(AnswerTable table) => (json, output) => table.Print(Answer.Parse(json), output);
}
