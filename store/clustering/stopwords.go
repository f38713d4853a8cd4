package clustering

import "strings"

// stopWords are English words that say nothing about a text's subject.
var stopWords = func() map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(`
		a about above across after again against ago all allow allows almost alone along already also although
		always am among an and another any anyone anything are aren't around as ask at available away back be
		became because become been before began behind being below best better between both but by call called
		came can can't cannot come comes could couldn't did didn't different do does doesn't doing don't done
		down due during each easily easy either else enough especially etc even ever every everyone everything
		example far few find first following for found four from full further gave get gets give given gives go
		goes going gone good got had has have haven't having he he'd he'll he's help helps her here here's hers
		herself high him himself his how however i'd i'll i'm i've if in include included includes including
		instead into is isn't it it'd it'll it's its itself just keep kept know known last later least less let
		let's like likely long look looking lot made main make makes making many may maybe me means might mine
		more most mostly much must my myself near nearly need needed needs neither never new next no none nor
		not note nothing now of off often old on once one ones only onto or other others otherwise our ours out
		over own part per perhaps please possible provide provided provides put quite rather really right said
		same saw say says see seem seemed seems seen set several shall she she's should shouldn't show shows
		side similar simple simply since small so some someone something sometimes soon still such sure take
		taken takes tell than that that's the their theirs them themselves then there there's therefore these
		they they'd they'll they're they've thing things think this those though three through thus to today
		together told too took toward towards tried try two type types under unless until up upon us use used
		useful user users uses using usually various very via want wanted wants was wasn't way we we'd we'll
		we're we've well went were weren't what what's whatever when where whether which while who who's whole
		whom whose why will with within without won't work works would wouldn't written yes yet you you'd
		you'll you're you've your yours yourself`) {
		set[word] = true
		set[strings.ReplaceAll(word, "'", "’")] = true
	}
	return set
}()

// StopWord tells whether a word, in lower case, says nothing about a text's subject.
func StopWord(word string) bool { return stopWords[word] }
