using Luminarys.Skills;

namespace Luminarys.Core.Tests.Skills;

public sealed class SkillDescriptorTests
{
    private static readonly SkillDescriptor s_descriptor = new(
        new PackageId("org.example.echo"), "Echo", "1.0.0", "", [Method("echo"), Method("ping")], [], 0);

    [Fact]
    public void FindMethod_KnownName_GivesTheMethod() => Assert.Same(s_descriptor.Methods[1], s_descriptor.FindMethod("ping"));

    [Theory]
    [InlineData("")]
    [InlineData("pong")]
    [InlineData("Ping")]
    [InlineData("ping ")]
    [InlineData("pin")]
    public void FindMethod_OtherName_GivesNull(string name) => Assert.Null(s_descriptor.FindMethod(name));

    [Fact]
    public void FindMethod_NoMethods_GivesNull() => Assert.Null((s_descriptor with { Methods = [] }).FindMethod("ping"));

    private static SkillMethod Method(string name) => new(name, "", []);
}
