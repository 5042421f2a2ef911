using Xunit.Sdk;
using Xunit.v3;

// Every scenario wants the machine for itself: figures are measured.
[assembly: Parallelization(Mode = ParallelMode.None)]
