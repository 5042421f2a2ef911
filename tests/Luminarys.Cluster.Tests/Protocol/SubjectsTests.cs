using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Protocol;

public sealed class SubjectsTests
{
    private static readonly CallId s_id = new(new Guid("0193a5c0-7f00-7000-8000-0123456789ab"));
    private readonly Subjects _subjects = new(new("prod"));

    [Fact]
    public void Names_AreThoseOfTheProtocol()
    {
        var node = new NodeId("slave-1");

        Assert.Equal("lm.v1.prod.m.slave-1.hello", _subjects.ToMaster(node, "hello"));
        Assert.Equal("lm.v1.prod.m.*.hb", _subjects.ToMasterFromAny("hb"));
        Assert.Equal("lm.v1.prod.n.slave-1.call", _subjects.ToNode(node, "call"));
        Assert.Equal("lm.v1.prod.m.slave-1.r.0193a5c07f00700080000123456789ab", _subjects.Frames(node, s_id));
        Assert.Equal("lm.v1.prod.m.slave-1.a.0193a5c07f00700080000123456789ab", _subjects.AnswerToMaster(node, s_id));
        Assert.Equal("lm.v1.prod.n.slave-1.a.0193a5c07f00700080000123456789ab", _subjects.AnswerToNode(node, s_id));
        Assert.Equal("lm.v1.prod.i.slave-1.00000000000000000000000000000007.ping", _subjects.Ping(node, Samples.Instance(7)));
        Assert.Equal("lm.v1.prod.b.master", _subjects.Beacon);
        Assert.Equal("lm.v1.prod.b.reg", _subjects.Registry);
    }

    [Fact]
    public void TryParse_OwnSubjects_GivesTheirParts()
    {
        var node = new NodeId("slave-1");

        Assert.Equal(new('m', node, "hello", null), Parse(_subjects.ToMaster(node, "hello")));
        Assert.Equal(new('m', node, "", s_id), Parse(_subjects.Frames(node, s_id)));
        Assert.Equal(new('n', node, "", s_id), Parse(_subjects.AnswerToNode(node, s_id)));
        Assert.Equal(new('i', node, "ping", null), Parse(_subjects.Ping(node, Samples.Instance(7))));
        Assert.Equal(new('b', default, "master", null), Parse(_subjects.Beacon));
    }

    [Theory]
    [InlineData("lm.v1.other.m.a.hello")]
    [InlineData("lm.v1.prod.x.a.hello")]
    [InlineData("lm.v1.prod.m.hello")]
    [InlineData("lm.v1.prod.m.a!.hello")]
    [InlineData("lm.v1.prod.m.a.r.short")]
    [InlineData("lm.v1.prod.m.a.q.0193a5c07f00700080000123456789ab")]
    [InlineData("lm.v1.prod.m.a.b.c.d")]
    [InlineData("lm.v1.prod.b.a.b")]
    [InlineData("lm.v1.prod")]
    public void TryParse_AnythingElse_IsRefused(string subject) => Assert.False(_subjects.TryParse(subject, out _));

    private SubjectAddress Parse(string subject)
    {
        Assert.True(_subjects.TryParse(subject, out var address));
        return address;
    }
}
