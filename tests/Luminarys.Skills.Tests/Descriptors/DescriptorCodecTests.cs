using System.Buffers;
using Luminarys.Skills.Descriptors;
using MessagePack;

namespace Luminarys.Skills.Tests.Descriptors;

public sealed class DescriptorCodecTests
{
    private delegate void Write(ref MessagePackWriter writer);

    [Fact]
    public void TryRead_ParameterWithEverything_IsRead()
    {
        var parameter = ReadParameter((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(8);
            writer.Write("name");
            writer.Write("tags");
            writer.Write("type");
            writer.Write("array");
            writer.Write("description");
            writer.Write("Labels");
            writer.Write("required");
            writer.Write(1);
            writer.Write("enum");
            writer.WriteArrayHeader(2);
            writer.Write("a");
            writer.Write("b");
            writer.Write("items");
            writer.WriteMapHeader(1);
            writer.Write("type");
            writer.Write("integer");
            writer.Write("default");
            writer.WriteArrayHeader(1);
            writer.Write(7);
            writer.Write("example");
            writer.WriteMapHeader(2);
            writer.Write("x");
            writer.Write(1.5f);
            writer.Write("ä");
            writer.Write(double.NaN);
        });

        Assert.Equal("tags", parameter.Name);
        Assert.Equal(ParameterType.Array, parameter.Type);
        Assert.Equal("Labels", parameter.Description);
        Assert.True(parameter.IsRequired);
        Assert.Equal(["a", "b"], parameter.AllowedValues);
        Assert.Equal(ParameterType.Integer, parameter.Items!.Type);
        Assert.Equal("[7]", parameter.DefaultJson);
        Assert.Equal("""{"x":1.5,"ä":null}""", parameter.ExampleJson);
    }

    [Fact]
    public void TryRead_UnknownType_CountsAsString()
    {
        var parameter = ReadParameter((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.Write("type");
            writer.Write("quaternion");
        });

        Assert.Equal(ParameterType.String, parameter.Type);
    }

    [Fact]
    public void TryRead_NilMethods_AreNone() => Assert.Empty(Read((ref MessagePackWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.Write("methods");
        writer.WriteNil();
    }).Methods);

    [Fact]
    public void TryRead_Requirements_AreRead() => Assert.Equal([new SkillRequirement("fs", "/data", "rw")], Read((ref MessagePackWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.Write("requirements");
        writer.WriteArrayHeader(1);
        writer.WriteMapHeader(3);
        writer.Write("kind");
        writer.Write("fs");
        writer.Write("pattern");
        writer.Write("/data");
        writer.Write("mode");
        writer.Write("rw");
    }).Requirements);

    [Fact]
    public void TryRead_NamelessMethod_IsAFault()
    {
        Assert.False(DescriptorCodec.TryRead(Convert.FromHexString("81a76d6574686f64739180"), [], out _, out var fault));
        Assert.Equal("a method has no name", fault);
    }

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, "it has 4097 methods; 4096 are allowed")]
    public void TryRead_ManyMethods_AreLimited(int count, string? expected)
    {
        var message = Encode((ref MessagePackWriter writer) => WriteMethods(ref writer, count));

        DescriptorCodec.TryRead(message, [], out _, out var fault);

        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData(256, null)]
    [InlineData(257, "it has 257 parameters of a method; 256 are allowed")]
    public void TryRead_ManyParameters_AreLimited(int count, string? expected)
    {
        var message = Encode((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.Write("methods");
            writer.WriteArrayHeader(1);
            writer.WriteMapHeader(2);
            writer.Write("params");
            writer.WriteArrayHeader(count);
            for (var i = 0; i < count; i++)
            {
                writer.WriteMapHeader(0);
            }

            writer.Write("name");
            writer.Write("m");
        });

        DescriptorCodec.TryRead(message, [], out _, out var fault);

        Assert.Equal(expected, fault);
    }

    [Fact]
    public void TryRead_ManyDoubledMethods_WarnsOfTheFirstAndCountsTheRest()
    {
        var warnings = new List<string>();

        DescriptorCodec.TryRead(Encode((ref MessagePackWriter writer) => WriteMethods(ref writer, 100)), warnings, out _, out _);

        Assert.Equal(21, warnings.Count);
        Assert.StartsWith("and 79 more", warnings[^1], StringComparison.Ordinal);
    }

    // That many methods of one name.
    private static void WriteMethods(ref MessagePackWriter writer, int count)
    {
        writer.WriteMapHeader(1);
        writer.Write("methods");
        writer.WriteArrayHeader(count);
        for (var i = 0; i < count; i++)
        {
            writer.WriteMapHeader(1);
            writer.Write("name");
            writer.Write("m");
        }
    }

    private static SkillParameter ReadParameter(Write parameter) => Assert.Single(Assert.Single(Read((ref MessagePackWriter writer) =>
    {
        writer.WriteMapHeader(1);
        writer.Write("methods");
        writer.WriteArrayHeader(1);
        writer.WriteMapHeader(2);
        writer.Write("name");
        writer.Write("m");
        writer.Write("params");
        writer.WriteArrayHeader(1);
        parameter(ref writer);
    }).Methods).Parameters);

    private static SkillDescriptor Read(Write write)
    {
        Assert.True(DescriptorCodec.TryRead(Encode(write), [], out var descriptor, out var fault), fault);
        return descriptor;
    }

    private static ReadOnlyMemory<byte> Encode(Write write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
