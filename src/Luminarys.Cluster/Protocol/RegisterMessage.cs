using System.Collections.Immutable;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>One page of a node's full skill list. The list takes effect as a whole, when its last page is there.</summary>
/// <param name="RegistrationRevision">Revision of the list; grows with every change of it.</param>
/// <param name="Digest">Digest of the whole list.</param>
/// <param name="Page">Number of this page, from 0.</param>
/// <param name="Pages">Number of pages.</param>
/// <param name="Skills">Encoded skills, ascending by id over all pages.</param>
/// <param name="T0">The node's monotonic clock in milliseconds.</param>
internal sealed record RegisterMessage(
    ulong RegistrationRevision, Digest128 Digest, int Page, int Pages, ImmutableArray<EncodedSkill> Skills, long T0) : IWireBody<RegisterMessage>
{
    public static RegisterMessage Read(ref MessagePackReader reader)
    {
        var message = new RegisterMessage(0, default, 0, 1, [], 0);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "reg_rev": message = message with { RegistrationRevision = reader.ReadUInt64() }; break;
                case "digest": message = message with { Digest = Wire.Digest(ref reader) }; break;
                case "page": message = message with { Page = reader.ReadInt32() }; break;
                case "pages": message = message with { Pages = reader.ReadInt32() }; break;
                case "t0": message = message with { T0 = reader.ReadInt64() }; break;
                case "skills": message = message with { Skills = ReadSkills(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return message;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(6);
        writer.Write("reg_rev");
        writer.Write(RegistrationRevision);
        writer.Write("digest");
        Wire.WriteDigest(ref writer, Digest);
        writer.Write("page");
        writer.Write(Page);
        writer.Write("pages");
        writer.Write(Pages);
        writer.Write("t0");
        writer.Write(T0);
        writer.Write("skills");
        writer.WriteArrayHeader(Skills.Length);
        foreach (var skill in Skills)
        {
            writer.WriteRaw(skill.Bytes.Span);
        }
    }

    private static ImmutableArray<EncodedSkill> ReadSkills(ref MessagePackReader reader)
    {
        var skills = ImmutableArray.CreateBuilder<EncodedSkill>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            skills.Add(SkillCodec.Read(ref reader));
        }

        return skills.DrainToImmutable();
    }
}
