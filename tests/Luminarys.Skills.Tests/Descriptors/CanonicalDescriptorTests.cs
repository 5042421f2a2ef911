using Luminarys.Skills.Descriptors;

namespace Luminarys.Skills.Tests.Descriptors;

public sealed class CanonicalDescriptorTests
{
    private static readonly SkillDescriptor s_descriptor = new(
        new PackageId("com.example.tool"),
        "Tool",
        "1.2.3",
        "Does things.",
        [
            new("list", "Lists.", [
                new("tags", ParameterType.Array, "Labels", true, ["a", "b"], new("", ParameterType.Integer, "", false, [])),
                new("depth", ParameterType.Number, "", false, [], null, "1.5", """{"a":[1,-2,18446744073709551615,true,null,"x"]}"""),
            ]),
            new("done", "", [], IsHidden: true, IsCallback: true),
        ],
        [new("fs", "/data", "rw")],
        0x000200);

    [Fact]
    public void Write_WhatWasWritten_ReadsAsTheSame()
    {
        var bytes = CanonicalDescriptor.Write(s_descriptor);

        Assert.True(DescriptorCodec.TryRead(bytes, [], out var read, out var fault), fault);
        Assert.Equal(bytes, CanonicalDescriptor.Write(read));
        Assert.Equal(s_descriptor.Methods[0].Parameters[1], read.Methods[0].Parameters[1]);
    }

    [Fact]
    public void Write_AnyDifference_ShowsInTheBytes()
    {
        var bytes = CanonicalDescriptor.Write(s_descriptor);
        SkillDescriptor[] others =
        [
            s_descriptor with { Package = new("com.example.other") },
            s_descriptor with { Name = "" },
            s_descriptor with { Version = "1.2.4" },
            s_descriptor with { Description = "" },
            s_descriptor with { SdkVersion = 1 },
            s_descriptor with { Methods = [s_descriptor.Methods[0]] },
            s_descriptor with { Methods = [s_descriptor.Methods[0], s_descriptor.Methods[1] with { IsHidden = false }] },
            s_descriptor with { Methods = [s_descriptor.Methods[0], s_descriptor.Methods[1] with { IsCallback = false }] },
            s_descriptor with { Methods = [s_descriptor.Methods[0] with { Parameters = [s_descriptor.Methods[0].Parameters[0]] }, s_descriptor.Methods[1]] },
            With(parameter => parameter with { Name = "other" }),
            With(parameter => parameter with { Type = ParameterType.Object }),
            With(parameter => parameter with { Description = "" }),
            With(parameter => parameter with { IsRequired = false }),
            With(parameter => parameter with { AllowedValues = ["a"] }),
            With(parameter => parameter with { Items = null }),
            With(parameter => parameter with { DefaultJson = "1" }),
            With(parameter => parameter with { ExampleJson = "1" }),
            s_descriptor with { Requirements = [] },
            s_descriptor with { Requirements = [new("fs", "/data", "ro")] },
        ];

        Assert.All(others, other => Assert.NotEqual(bytes, CanonicalDescriptor.Write(other)));
    }

    [Fact]
    public void Write_OrderOfAMapInADefault_MakesNoDifference() => Assert.Equal(
        CanonicalDescriptor.Write(With(parameter => parameter with { DefaultJson = """{"a":1,"b":{"c":2,"d":3}}""" })),
        CanonicalDescriptor.Write(With(parameter => parameter with { DefaultJson = """{"b":{"d":3,"c":2},"a":1}""" })));

    private static SkillDescriptor With(Func<SkillParameter, SkillParameter> change)
    {
        var method = s_descriptor.Methods[0];
        return s_descriptor with { Methods = [method with { Parameters = [change(method.Parameters[0]), method.Parameters[1]] }, s_descriptor.Methods[1]] };
    }
}
