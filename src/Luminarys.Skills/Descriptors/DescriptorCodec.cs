using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Skills.Descriptors;

/// <summary>Reads what <c>skill_describe</c> answers, and what a package holds of it.</summary>
public static class DescriptorCodec
{
    private const int MaxMethods = 4096;
    private const int MaxParameters = 256;
    private const int MaxWarnings = 20;

    /// <summary>Reads a descriptor, or says what is wrong with it. Doubtful parts that do not prevent its use go to the warnings.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> message,
        ICollection<string> warnings,
        [NotNullWhen(true)] out SkillDescriptor? descriptor,
        [NotNullWhen(false)] out string? fault)
    {
        descriptor = null;
        fault = MessageGuard.FindFault(message.Span);
        if (fault is not null)
        {
            return false;
        }

        var reader = new MessagePackReader(message);
        if (reader.NextMessagePackType != MessagePackType.Map)
        {
            fault = "not a map";
            return false;
        }

        descriptor = ReadDescriptor(ref reader, warnings, ref fault);
        fault ??= FindNamelessMethod(descriptor);
        return fault is null;
    }

    private static string? FindNamelessMethod(SkillDescriptor descriptor) =>
        descriptor.Methods.Any(method => method.Name.Length == 0) ? "a method has no name" : null;

    private static SkillDescriptor ReadDescriptor(ref MessagePackReader reader, ICollection<string> warnings, ref string? fault)
    {
        var descriptor = new SkillDescriptor(new PackageId(""), "", "", "", [], [], 0);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            descriptor = GuestValue.ReadKey(ref reader) switch
            {
                var key when key.SequenceEqual("skill_id"u8) => descriptor with { Package = new PackageId(GuestValue.ReadText(ref reader)) },
                var key when key.SequenceEqual("skill_name"u8) => descriptor with { Name = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("skill_version"u8) => descriptor with { Version = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("description"u8) => descriptor with { Description = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("sdk_version"u8) => descriptor with { SdkVersion = (int)GuestValue.ReadInteger(ref reader) },
                var key when key.SequenceEqual("methods"u8) => descriptor with { Methods = ReadMethods(ref reader, warnings, ref fault) },
                var key when key.SequenceEqual("requirements"u8) => descriptor with { Requirements = ReadRequirements(ref reader) },
                _ => Skip(ref reader, descriptor),
            };
        }

        return descriptor;
    }

    private static ImmutableArray<SkillMethod> ReadMethods(ref MessagePackReader reader, ICollection<string> warnings, ref string? fault)
    {
        var methods = ImmutableArray.CreateBuilder<SkillMethod>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var doubled = 0;
        for (var left = ReadLength(ref reader, MaxMethods, "methods", ref fault); left > 0; left--)
        {
            var method = ReadMethod(ref reader, ref fault);
            if (names.Add(method.Name))
            {
                methods.Add(method);
            }
            else if (++doubled <= MaxWarnings)
            {
                warnings.Add($"the module declares method '{method.Name}' twice; the first one is used");
            }
        }

        if (doubled > MaxWarnings)
        {
            warnings.Add($"and {doubled - MaxWarnings} more methods that the module declares twice");
        }

        return methods.ToImmutable();
    }

    private static SkillMethod ReadMethod(ref MessagePackReader reader, ref string? fault)
    {
        var method = new SkillMethod("", "", []);
        for (var left = ReadFields(ref reader); left > 0; left--)
        {
            method = GuestValue.ReadKey(ref reader) switch
            {
                var key when key.SequenceEqual("name"u8) => method with { Name = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("description"u8) => method with { Description = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("params"u8) => method with { Parameters = ReadParameters(ref reader, ref fault) },
                var key when key.SequenceEqual("mcp_hidden"u8) => method with { IsHidden = GuestValue.ReadFlag(ref reader) },
                var key when key.SequenceEqual("private_callback"u8) => method with { IsCallback = GuestValue.ReadFlag(ref reader) },
                _ => Skip(ref reader, method),
            };
        }

        return method;
    }

    private static ImmutableArray<SkillParameter> ReadParameters(ref MessagePackReader reader, ref string? fault)
    {
        var parameters = ImmutableArray.CreateBuilder<SkillParameter>();
        for (var left = ReadLength(ref reader, MaxParameters, "parameters of a method", ref fault); left > 0; left--)
        {
            parameters.Add(ReadParameter(ref reader));
        }

        return parameters.ToImmutable();
    }

    private static SkillParameter ReadParameter(ref MessagePackReader reader)
    {
        var parameter = new SkillParameter("", ParameterType.String, "", false, []);
        for (var left = ReadFields(ref reader); left > 0; left--)
        {
            parameter = GuestValue.ReadKey(ref reader) switch
            {
                var key when key.SequenceEqual("name"u8) => parameter with { Name = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("type"u8) => parameter with { Type = TypeOf(GuestValue.ReadText(ref reader)) },
                var key when key.SequenceEqual("description"u8) => parameter with { Description = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("required"u8) => parameter with { IsRequired = GuestValue.ReadFlag(ref reader) },
                var key when key.SequenceEqual("enum"u8) => parameter with { AllowedValues = ReadTexts(ref reader) },
                var key when key.SequenceEqual("items"u8) => parameter with { Items = ReadItems(ref reader) },
                var key when key.SequenceEqual("default"u8) => parameter with { DefaultJson = ReadOptionalJson(ref reader) },
                var key when key.SequenceEqual("example"u8) => parameter with { ExampleJson = ReadOptionalJson(ref reader) },
                _ => Skip(ref reader, parameter),
            };
        }

        return parameter;
    }

    private static SkillParameter? ReadItems(ref MessagePackReader reader) => reader.TryReadNil() ? null : ReadParameter(ref reader);

    private static string? ReadOptionalJson(ref MessagePackReader reader) => reader.TryReadNil() ? null : GuestJson.Read(ref reader);

    private static ImmutableArray<string> ReadTexts(ref MessagePackReader reader)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        for (var left = ReadLength(ref reader); left > 0; left--)
        {
            texts.Add(GuestValue.ReadText(ref reader));
        }

        return texts.ToImmutable();
    }

    private static ImmutableArray<SkillRequirement> ReadRequirements(ref MessagePackReader reader)
    {
        var requirements = ImmutableArray.CreateBuilder<SkillRequirement>();
        for (var left = ReadLength(ref reader); left > 0; left--)
        {
            requirements.Add(ReadRequirement(ref reader));
        }

        return requirements.ToImmutable();
    }

    private static SkillRequirement ReadRequirement(ref MessagePackReader reader)
    {
        var requirement = new SkillRequirement("", "", "");
        for (var left = ReadFields(ref reader); left > 0; left--)
        {
            requirement = GuestValue.ReadKey(ref reader) switch
            {
                var key when key.SequenceEqual("kind"u8) => requirement with { Kind = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("pattern"u8) => requirement with { Pattern = GuestValue.ReadText(ref reader) },
                var key when key.SequenceEqual("mode"u8) => requirement with { Mode = GuestValue.ReadText(ref reader) },
                _ => Skip(ref reader, requirement),
            };
        }

        return requirement;
    }

    private static ParameterType TypeOf(string name) => name switch
    {
        "integer" => ParameterType.Integer,
        "number" => ParameterType.Number,
        "boolean" => ParameterType.Boolean,
        "object" => ParameterType.Object,
        "array" => ParameterType.Array,
        _ => ParameterType.String,
    };

    // Elements of an array; none for nil and for anything else.
    private static int ReadLength(ref MessagePackReader reader) =>
        reader.NextMessagePackType == MessagePackType.Array ? reader.ReadArrayHeader() : Skip(ref reader, 0);

    // The same; none, and a fault, when there are too many: a few bytes each would become large objects.
    private static int ReadLength(ref MessagePackReader reader, int limit, string what, ref string? fault)
    {
        var ahead = reader.CreatePeekReader();
        if (ReadLength(ref ahead) is var length && length <= limit)
        {
            return ReadLength(ref reader);
        }

        fault ??= $"it has {length} {what}; {limit} are allowed";
        return Skip(ref reader, 0);
    }

    // Entries of a map; none for anything else.
    private static int ReadFields(ref MessagePackReader reader) =>
        reader.NextMessagePackType == MessagePackType.Map ? reader.ReadMapHeader() : Skip(ref reader, 0);

    private static T Skip<T>(ref MessagePackReader reader, T value)
    {
        reader.Skip();
        return value;
    }
}
