using System.Buffers;
using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Skills;
using Luminarys.Trust;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// Skills to bytes and back: what a master needs to list a skill and to check a call. Requirements stay on the node, which alone enforces them.
/// </summary>
internal static class SkillCodec
{
    public static EncodedSkill Encode(Skill skill)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(10 + (skill.Signer is null ? 0 : 1) + (skill.MethodSettings.IsEmpty ? 0 : 1));
        writer.Write("id");
        writer.Write(skill.Id.Value);
        writer.Write("pkg");
        writer.Write(skill.Descriptor.Package.ToString());
        writer.Write("name");
        writer.Write(skill.Descriptor.Name);
        writer.Write("ver");
        writer.Write(skill.Descriptor.Version);
        writer.Write("desc");
        writer.Write(skill.Descriptor.Description);
        writer.Write("text");
        writer.Write(skill.Description);
        writer.Write("digest");
        writer.Write(skill.Digest.ToString());
        if (skill.Signer is { } signer)
        {
            writer.Write("signer");
            writer.Write(signer.Hex);
        }

        writer.Write("sdk");
        writer.Write(skill.Descriptor.SdkVersion);
        writer.Write("mcp");
        WriteMapping(ref writer, skill.Mcp);
        writer.Write("methods");
        writer.WriteArrayHeader(skill.Descriptor.Methods.Length);
        foreach (var method in skill.Descriptor.Methods)
        {
            MethodCodec.Write(ref writer, method);
        }

        if (!skill.MethodSettings.IsEmpty)
        {
            writer.Write("hints");
            MethodHints.Write(ref writer, skill.MethodSettings);
        }

        writer.Flush();
        return new(skill, buffer.WrittenMemory);
    }

    public static EncodedSkill Read(ref MessagePackReader reader)
    {
        var start = reader.Position;
        var (id, text, digest) = (default(SkillId), "", "");
        KeyId? signer = null;
        var hints = ImmutableDictionary<string, MethodSettings>.Empty;
        var mapping = McpMapping.Default;
        var descriptor = new SkillDescriptor(new(""), "", "", "", [], [], 0);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "id": id = SkillId.TryParse(reader.ReadString(), out var parsed) ? parsed : throw Wire.Invalid("id"); break;
                case "pkg": descriptor = descriptor with { Package = new(Wire.Text(ref reader)) }; break;
                case "name": descriptor = descriptor with { Name = Wire.Text(ref reader) }; break;
                case "ver": descriptor = descriptor with { Version = Wire.Text(ref reader) }; break;
                case "desc": descriptor = descriptor with { Description = Wire.Text(ref reader) }; break;
                case "text": text = Wire.Text(ref reader); break;
                case "digest": digest = Wire.Text(ref reader); break;
                case "signer": signer = KeyId.TryParse(reader.ReadString(), out var key) ? key : throw Wire.Invalid("signer"); break;
                case "sdk": descriptor = descriptor with { SdkVersion = reader.ReadInt32() }; break;
                case "mcp": mapping = ReadMapping(ref reader); break;
                case "hints": hints = MethodHints.Read(ref reader); break;
                case "methods": descriptor = descriptor with { Methods = ReadMethods(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        if (id == default)
        {
            throw Wire.Invalid("id");
        }

        var bytes = reader.Sequence.Slice(start, reader.Position).ToArray();
        return new(new Skill(id, descriptor, new(digest), text, mapping) { Signer = signer, MethodSettings = hints }, bytes);
    }

    private static ImmutableArray<SkillMethod> ReadMethods(ref MessagePackReader reader)
    {
        var methods = ImmutableArray.CreateBuilder<SkillMethod>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            methods.Add(MethodCodec.Read(ref reader));
        }

        return methods.DrainToImmutable();
    }

    private static void WriteMapping(ref MessagePackWriter writer, McpMapping mapping)
    {
        writer.WriteMapHeader(2 + (mapping.ExposedMethods is null ? 0 : 1) + (mapping.Scopes.IsEmpty ? 0 : 1));
        writer.Write("kind");
        writer.Write(mapping.Kind == McpMappingKind.PerSkill ? "skill" : "method");
        writer.Write("hidden");
        Wire.WriteTexts(ref writer, mapping.HiddenMethods);
        if (mapping.ExposedMethods is { } exposed)
        {
            writer.Write("exposed");
            Wire.WriteTexts(ref writer, exposed);
        }

        if (!mapping.Scopes.IsEmpty)
        {
            writer.Write("scopes");
            Wire.WriteTexts(ref writer, mapping.Scopes);
        }
    }

    private static McpMapping ReadMapping(ref MessagePackReader reader)
    {
        var mapping = McpMapping.Default;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "kind":
                    mapping = mapping with { Kind = Wire.Text(ref reader) == "skill" ? McpMappingKind.PerSkill : McpMappingKind.PerMethod };
                    break;
                case "hidden": mapping = mapping with { HiddenMethods = Wire.Texts(ref reader) }; break;
                case "exposed": mapping = mapping with { ExposedMethods = Wire.Texts(ref reader) }; break;
                case "scopes": mapping = mapping with { Scopes = Wire.Texts(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return mapping;
    }
}
