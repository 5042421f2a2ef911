using System.Reflection;
using System.Runtime.CompilerServices;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Signing;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Cluster.Tests.Protocol;

/// <summary>Nothing that travels is missing in the description of the wire protocol.</summary>
public sealed class WireProtocolDocumentTests
{
    private static readonly string s_text = Read();

    [Fact]
    public void EveryMessageType_IsNamed() => Assert.All(
        typeof(MessageTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        type => Assert.Contains($"`{type}`", s_text, StringComparison.Ordinal));

    [Fact]
    public void EveryGoldenFile_IsNamed() => Assert.All(
        GoldenMessages.All.Keys.Concat(GoldenMessages.Bundles.Keys).Concat(SealedGoldenTests.Names), name => Assert.Contains($"[{name}]", s_text, StringComparison.Ordinal));

    [Fact]
    public void EveryErrorCode_IsNamed() => Assert.All(
        Enum.GetValues<InvocationError>().Where(error => error != InvocationError.None),
        error => Assert.Contains($"`{error.ToCode()}`", s_text, StringComparison.Ordinal));

    [Fact]
    public void DigestsOfTheExamples_AreThoseInTheText()
    {
        var list = GoldenMessages.SkillListOf();
        Assert.Contains($"`{list.Digest}`", s_text, StringComparison.Ordinal);
        var registry = RegistryCopy.Of(new RegistryVersion(8, 1), [Copy("slave-1", NodeRole.Slave, list.Digest), Copy("master", NodeRole.Master, SkillList.Empty.Digest)]);
        Assert.Contains($"`{registry.Digest}`", s_text, StringComparison.Ordinal);
    }

    private static NodeCopy Copy(string node, NodeRole role, Digest128 digest) => new(new(node), role, false, 1, Samples.Instance(1), digest, []);

    private static string Read([CallerFilePath] string file = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "reference", "wire-protocol.md"));
}
