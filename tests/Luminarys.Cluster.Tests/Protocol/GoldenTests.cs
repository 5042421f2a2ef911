using System.Reflection;
using System.Runtime.CompilerServices;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Tests.Signing;
using Luminarys.Cluster.Tests.Support;

namespace Luminarys.Cluster.Tests.Protocol;

/// <summary>
/// The wire format is a promise: every message equals its file byte for byte. Set <c>LUMINARYS_WRITE_GOLDEN=1</c> to write the files anew after a
/// deliberate change, and review the difference.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names => [.. GoldenMessages.All.Keys];

    public static TheoryData<string> NamesAndBundles => [.. GoldenMessages.All.Keys.Concat(GoldenMessages.Bundles.Keys)];

    [Theory]
    [MemberData(nameof(NamesAndBundles))]
    public void Message_EqualsItsGoldenFile(string name)
    {
        var path = Path.Combine(Folder(), name + ".hex");
        var actual = Dump(GoldenMessages.Bundles.GetValueOrDefault(name) ?? GoldenMessages.All[name]);
        if (Environment.GetEnvironmentVariable("LUMINARYS_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Folder_HoldsNoFileWithoutMessage() =>
        Assert.Equal(
            GoldenMessages.All.Keys.Concat(GoldenMessages.Bundles.Keys).Concat(SealedGoldenTests.Names).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder()).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_ReadAndWrittenAgain_IsTheSame(string name)
    {
        var bytes = GoldenMessages.All[name];
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(bytes, out var envelope));

        Assert.Equal(bytes, Bodies.Rewrite(envelope, name));
    }

    [Fact]
    public void TransferAnswers_ReadAndWrittenAgain_AreTheSame() => Assert.All(GoldenMessages.TransferAnswers, name =>
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(GoldenMessages.All[name], out var envelope));
        Assert.True(envelope.TryRead<AnswerMessage>(out var answer));
        Assert.True(Wire.TryRead<TransferAnswer>(answer.Value!.Value, out var read));
        Assert.Equal(answer.Value.Value.ToArray(), TransferWire.ToBytes(read));
    });

    [Theory]
    [InlineData("xfer-offer")]
    [InlineData("xfer-answer-accepted")]
    public void OfferAndAcceptance_ReadAndWrittenAgain_AreTheSame(string name)
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(GoldenMessages.All[name], out var envelope));
        if (envelope.TryRead<TransferMessage>(out var message))
        {
            Assert.True(Wire.TryRead<TransferOffer>(message.Offer, out var offer));
            Assert.Equal(message.Offer.ToArray(), TransferWire.ToBytes(offer));
            return;
        }

        Assert.True(envelope.TryRead<AnswerMessage>(out var answer));
        Assert.True(Wire.TryRead<TransferAnswer>(answer.Value!.Value, out var accepted));
        Assert.True(Wire.TryRead<TransferAcceptance>(accepted.Acceptance, out var acceptance));
        Assert.Equal(accepted.Acceptance.ToArray(), TransferWire.ToBytes(acceptance));
    }

    [Fact]
    public void Skills_SurviveTheWire()
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(GoldenMessages.All["reg"], out var envelope));
        Assert.True(envelope.TryRead<RegisterMessage>(out var message));

        Assert.Equivalent(Samples.Skill("echo"), message.Skills[0].Skill, strict: true);
        Assert.Equivalent(Samples.RichSkill(), message.Skills[1].Skill, strict: true);
        Assert.Equal(GoldenMessages.SkillListOf().Digest, message.Digest);
    }

    // Sixteen bytes a line, so that a change shows where it is.
    private static string Dump(byte[] bytes) =>
        string.Concat(bytes.Chunk(16).Select(line => Convert.ToHexStringLower(line) + "\n"));

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "Golden");
}
