namespace Luminarys.Skills.Authoring;

/// <summary>Collects findings of one file.</summary>
internal sealed class ProblemLog(string file)
{
    private readonly List<AuthorProblem> _problems = [];

    public IReadOnlyList<AuthorProblem> Problems => _problems;

    public bool HasErrors => _problems.Exists(problem => problem.IsError);

    public void Error(int line, string message) => _problems.Add(new(file, line, true, message));

    public void Warn(int line, string message) => _problems.Add(new(file, line, false, message));
}
