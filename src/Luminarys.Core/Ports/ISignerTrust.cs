namespace Luminarys.Ports;

/// <summary>Where a master learns whose packages its operator trusts, to judge what other nodes offer. Thread-safe.</summary>
public interface ISignerTrust
{
    /// <summary>Reads everything anew. What cannot be read trusts nobody.</summary>
    ValueTask<SignerCheck> ReadAsync(CancellationToken cancellationToken);
}
