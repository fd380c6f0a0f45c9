using Google.Protobuf;
using Grpc.Core;
using Relapse.Contracts.Classification.V1;

namespace Relapse.Load.Traffic;

/// <summary>
/// What the real service answered to the whole pool: what an echo gives back, and what every later answer is compared
/// with, byte for byte.
/// </summary>
/// <param name="Unary">The answers, in the order of the pool.</param>
/// <param name="Cohort">The answers to the chunks, in order; a long answer has several messages.</param>
internal sealed record AnswerBook(IReadOnlyList<ClassifyRelapseResponse> Unary, IReadOnlyList<IReadOnlyList<ClassifyCohortResponse>> Cohort)
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

        return new AnswerBook(unary, await AskCohortAsync(client, pool));
    }

    /// <summary>Writes the book to a file that an echo in another process reads.</summary>
    public void Save(string path)
    {
        using var file = File.Create(path);
        foreach (var message in Unary.Cast<IMessage>().Concat(Cohort.SelectMany(messages => messages)))
        {
            message.WriteDelimitedTo(file);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static AnswerBook Read(string path)
    {
        using var file = File.OpenRead(path);
        var unary = Enumerable.Range(0, CasePool.Count).Select(_ => ClassifyRelapseResponse.Parser.ParseDelimitedFrom(file)).ToList();
        var cohort = new List<IReadOnlyList<ClassifyCohortResponse>>();
        while (file.Position < file.Length)
        {
            cohort.Add(Chunk(() => ClassifyCohortResponse.Parser.ParseDelimitedFrom(file)));
        }

        return new AnswerBook(unary, cohort);
    }

    private static async Task<List<IReadOnlyList<ClassifyCohortResponse>>> AskCohortAsync(ClassificationService.ClassificationServiceClient client, CasePool pool)
    {
        using var call = client.ClassifyCohort();
        await CohortTraffic.SendAsync(call.RequestStream, new ClassifyCohortRequest { Settings = CasePool.CohortSettings });
        var answers = new List<IReadOnlyList<ClassifyCohortResponse>>();
        foreach (var chunk in pool.CohortChunks())
        {
            await CohortTraffic.SendAsync(call.RequestStream, chunk);
            var messages = new List<ClassifyCohortResponse>();
            while (messages.Sum(message => message.Results.Count) < chunk.Items.Count)
            {
                if (!await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    throw new InvalidDataException("The cohort ended before its last chunk was answered.");
                }

                messages.Add(call.ResponseStream.Current);
            }

            answers.Add(messages);
        }

        // What follows the last chunk is the summary, which an echo counts itself.
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }

        return answers;
    }

    private static List<ClassifyCohortResponse> Chunk(Func<ClassifyCohortResponse> next)
    {
        var messages = new List<ClassifyCohortResponse>();
        while (messages.Sum(message => message.Results.Count) < CasePool.Count)
        {
            messages.Add(next());
        }

        return messages;
    }
}
