using System.Collections.Immutable;
using Relapse.Transplant.Donors;
using Relapse.Transplant.Policies;

namespace Relapse.Transplant.Ranking;

/// <summary>A question with what compares donors with its recipient.</summary>
internal readonly record struct Asked(RankingQuestion Question, HlaContext Context);

/// <summary>Something that nobody knows, or has set, and that all donors share, so that it moves them together: a fact of the recipient, or
/// a setting.</summary>
/// <param name="Field">Its path, or <c>settings.{id}</c>.</param>
/// <param name="Values">What it may be: values between which no donor can tell are one. Each settles it in a question.</param>
/// <param name="LeavesOpen">Whether between two completions for a donor this decides something, a criterion or for null class and blocks,
/// together with facts of the donor that are not known: then the donor's places in the two are taken as independent of each other.</param>
internal sealed record SharedUnknown(string Field, ImmutableArray<Func<Asked, Asked>> Values, Func<Appraisal, Appraisal, DonorCase, CompiledCriterion?, bool> LeavesOpen);
