using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>
/// What the real service answered to the whole pool: what an echo gives back, and what every later answer is compared
/// with, byte for byte.
/// </summary>
/// <param name="Unary">The answers, in the order of the pool.</param>
/// <param name="Cohort">The answers to the chunks, in order; made of the unary ones where the service has no cohorts.</param>
/// <param name="CohortServed">Whether the service answered the cohort itself.</param>
internal sealed record AnswerBook(
    IReadOnlyList<ClassifyRelapseResponse> Unary, IReadOnlyList<ClassifyCohortResponse> Cohort, bool CohortServed)
{
    /// <summary>Asks the service everything once.</summary>
    public static async Task<AnswerBook> AskAsync(ChannelBase channel, CasePool pool)
    {
        var client = new ClassificationService.ClassificationServiceClient(channel);
        var unary = new List<ClassifyRelapseResponse>();
        foreach (var request in pool.Requests)
        {
            unary.Add(await client.ClassifyRelapseAsync(request));
        }

        return await AskCohortAsync(client, pool) is { } cohort
            ? new AnswerBook(unary, cohort, true)
            : new AnswerBook(unary, [.. pool.CohortChunks().Select(chunk => Assemble(chunk, pool, unary))], false);
    }

    /// <summary>Writes the book to a file that an echo in another process reads.</summary>
    public void Save(string path)
    {
        using var file = File.Create(path);
        foreach (var message in Unary.Cast<IMessage>().Concat(Cohort))
        {
            message.WriteDelimitedTo(file);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static AnswerBook Read(string path)
    {
        using var file = File.OpenRead(path);
        var unary = Enumerable.Range(0, CasePool.Count).Select(_ => ClassifyRelapseResponse.Parser.ParseDelimitedFrom(file)).ToList();
        var cohort = new List<ClassifyCohortResponse>();
        while (file.Position < file.Length)
        {
            cohort.Add(ClassifyCohortResponse.Parser.ParseDelimitedFrom(file));
        }

        return new AnswerBook(unary, cohort, true);
    }

    private static async Task<List<ClassifyCohortResponse>?> AskCohortAsync(ClassificationService.ClassificationServiceClient client, CasePool pool)
    {
        var answers = new List<ClassifyCohortResponse>();
        try
        {
            using var call = client.ClassifyCohort();
            await CohortTraffic.SendAsync(call.RequestStream, new ClassifyCohortRequest { Settings = CasePool.CohortSettings });
            foreach (var chunk in pool.CohortChunks())
            {
                await CohortTraffic.SendAsync(call.RequestStream, chunk);
                do
                {
                    if (!await call.ResponseStream.MoveNext(CancellationToken.None))
                    {
                        throw new InvalidDataException("The cohort ended before its last chunk was answered.");
                    }
                }
                while (call.ResponseStream.Current.Results.Count == 0);
                answers.Add(call.ResponseStream.Current);
            }

            // What follows the last chunk is the summary, which an echo counts itself.
            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }

            return answers;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }

    private static ClassifyCohortResponse Assemble(ClassifyCohortRequest chunk, CasePool pool, List<ClassifyRelapseResponse> unary)
    {
        var byCase = pool.Requests.Zip(unary).ToDictionary(pair => pair.First.Case.CaseRef, pair => pair.Second, StringComparer.Ordinal);
        return new ClassifyCohortResponse
        {
            Results = { chunk.Items.Select(item => new CohortItemResult { ItemId = item.ItemId, Classification = byCase[item.Case.CaseRef] }) },
        };
    }
}
