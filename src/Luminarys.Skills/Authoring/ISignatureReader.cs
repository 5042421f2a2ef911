namespace Luminarys.Skills.Authoring;

/// <summary>Reads function declarations of one language.</summary>
internal interface ISignatureReader
{
    /// <summary>Whether a line of code begins an exported function.</summary>
    bool BeginsFunction(string code);

    /// <summary>Whether a line of code may stand between annotations and their function, such as an attribute.</summary>
    bool MayStandBetween(string code);

    /// <summary>Whether skill-level annotations must stand before this line.</summary>
    bool EndsHeader(string code);

    /// <summary>Reads a declaration.</summary>
    /// <param name="declaration">From its first word to where its body begins, on one line.</param>
    /// <param name="line">Line of its first word.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>The function; null after an error.</returns>
    AuthoredFunction? Read(string declaration, int line, ProblemLog problems);
}
