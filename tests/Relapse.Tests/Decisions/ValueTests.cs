using Relapse.Decisions;

namespace Relapse.Tests.Decisions;

public sealed class ValueTests
{
    [Fact]
    public void A_set_knows_its_members()
    {
        var set = ValueSet.Of(0, 5, 63, 5);
        Assert.Equal(3, set.Count);
        Assert.True(set.Contains(63) && !set.Contains(64) && !set.Contains(-1));
        Assert.Equal("{0, 5, 63}", set.ToString());
        Assert.Equal(5, set.Except(ValueSet.Of(0, 63)).Single);
        Assert.Equal(ulong.MaxValue, ValueSet.All(64).Bits);
        Assert.True(ValueSet.All(0).IsEmpty && ValueSet.Empty.IsSubsetOf(set) && !ValueSet.Empty.Overlaps(set));
        Assert.Throws<InvalidOperationException>(() => set.Single);
        Assert.Throws<InvalidOperationException>(() => ValueSet.Empty.First);
        Assert.Throws<ArgumentOutOfRangeException>(() => ValueSet.All(65));
        Assert.Throws<ArgumentOutOfRangeException>(() => ValueSet.Of(64));
    }

    [Fact]
    public void A_domain_has_one_to_64_distinct_labels()
    {
        var domain = new Domain("x", "a", "b", "c");
        Assert.Equal(1, domain.IndexOf("b"));
        Assert.Equal(-1, domain.IndexOf("B"));
        Assert.Equal(["a", "c"], domain.Labels(domain.Of("c", "a")));
        Assert.Throws<ArgumentException>(() => domain.Of("d"));
        Assert.Throws<ArgumentException>(() => domain.Labels(ValueSet.Of(3)));
        Assert.Throws<ArgumentException>(() => new Domain("x"));
        Assert.Throws<ArgumentException>(() => new Domain("x", "a", "a"));
        Assert.Throws<ArgumentException>(() => new Domain("x", Enumerable.Range(0, 65).Select(value => $"{value}")));
        Assert.Equal(64, new Domain("x", Enumerable.Range(0, 64).Select(value => $"{value}")).All.Count);
    }

    [Fact]
    public void Tuples_of_a_joint_input_are_counted_with_the_last_component_fastest()
    {
        var joint = JointInput.Create("xy", new Domain("x", "a", "b"), new Domain("y", "p", "q", "r"));
        Assert.Equal(["a|p", "a|q", "a|r", "b|p", "b|q", "b|r"], joint.Domain.Values);
        Assert.Equal(5, joint.IndexOf(1, 2));
        Assert.Equal((1, 2), (joint.ValueOf(0, 5), joint.ValueOf(1, 5)));
        Assert.Equal(ValueSet.Of(3, 5), joint.Tuples(ValueSet.Of(1), ValueSet.Of(0, 2)));
        Assert.Equal(ValueSet.Of(1, 4), joint.Where(1, ValueSet.Of(1)));
        Assert.Equal(1, joint.ComponentIndex("y"));
        var wide = new Domain("w", Enumerable.Range(0, 22).Select(value => $"{value}"));
        Assert.Throws<ArgumentException>(() => JointInput.Create("wide", wide, new Domain("y", "p", "q", "r")));
        Assert.Throws<ArgumentException>(() => JointInput.Create("none"));
        Assert.Throws<ArgumentException>(() => JointInput.Create("twice", wide, wide));
        Assert.Throws<ArgumentException>(() => joint.IndexOf(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => joint.IndexOf(1, 3));
    }
}
