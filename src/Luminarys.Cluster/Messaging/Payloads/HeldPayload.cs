using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>A payload that was announced, and the questions for its parts that are not answered yet. Changed by its <see cref="OutgoingPayloads"/> only.</summary>
internal sealed class HeldPayload(PayloadPeer reader, PayloadClaim claim, ReadOnlyMemory<byte> bytes)
{
    // An honest reader has one question open, or two when it repeats itself.
    private const int MaxQuestions = 4;

    private readonly Queue<MoreMessage> _questions = new();

    public PayloadPeer Reader { get; } = reader;

    public PayloadClaim Claim { get; } = claim;

    /// <summary>When it was announced or asked for.</summary>
    public TimeSpan TouchedAt { get; set; }

    /// <summary>Whether somebody sends its parts at the moment.</summary>
    public bool IsSending { get; set; }

    /// <summary>Takes a question; false when there are too many, or when it asks for what does not exist.</summary>
    public bool TryAsk(MoreMessage more)
    {
        if (more.First + more.Count > Claim.Parts || _questions.Count >= MaxQuestions)
        {
            return false;
        }

        _questions.Enqueue(more);
        return true;
    }

    public bool TryNext(out MoreMessage more) => _questions.TryDequeue(out more!);

    public PartMessage Part(int index) => new(index, bytes.Slice(index * Claim.PartSize, Claim.SizeOf(index)));
}
