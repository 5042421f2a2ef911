namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>A host function wrote more than its guest takes. Caught where the function was called.</summary>
internal sealed class AnswerTooLargeException(long needed) : Exception($"The answer needs at least {needed} bytes.")
{
    /// <summary>Bytes that would have been needed so far.</summary>
    public long Needed => needed;
}
