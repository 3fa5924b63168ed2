; softmax
define internal i32 @softmax.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) align 4 %a1, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr i8, ptr %workspace, i64 640
  %v2 = getelementptr i8, ptr %workspace, i64 0
  %v3 = getelementptr i8, ptr %workspace, i64 640
  store <4 x float> splat (float 0xFFF0000000000000), ptr %v1, align 64
  br label %loop5
loop5:
  %i1.7 = phi i64 [ 0, %entry ], [ %v92, %loop5 ]
  %v8 = mul nsw i64 %i1.7, 40
  %v9 = getelementptr float, ptr %a0, i64 %v8
  %v33 = getelementptr float, ptr %v1, i64 %i1.7
  %v10 = load <16 x float>, ptr %v9, align 4
  %v11 = shufflevector <16 x float> %v10, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v12 = shufflevector <16 x float> %v10, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v13 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v11, <8 x float> %v12)
  %v14 = fcmp uno <8 x float> %v11, %v11
  %v15 = select <8 x i1> %v14, <8 x float> %v11, <8 x float> %v13
  %v16 = shufflevector <8 x float> %v15, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v17 = shufflevector <8 x float> %v15, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v18 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v16, <4 x float> %v17)
  %v19 = fcmp uno <4 x float> %v16, %v16
  %v20 = select <4 x i1> %v19, <4 x float> %v16, <4 x float> %v18
  %v21 = shufflevector <4 x float> %v20, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v22 = shufflevector <4 x float> %v20, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v23 = fcmp ogt <2 x float> %v21, %v22
  %v24 = select <2 x i1> %v23, <2 x float> %v21, <2 x float> %v22
  %v25 = fcmp uno <2 x float> %v21, %v21
  %v26 = select <2 x i1> %v25, <2 x float> %v21, <2 x float> %v24
  %v27 = extractelement <2 x float> %v26, i64 0
  %v28 = extractelement <2 x float> %v26, i64 1
  %v29 = fcmp ogt float %v27, %v28
  %v30 = select i1 %v29, float %v27, float %v28
  %v31 = fcmp uno float %v27, %v27
  %v32 = select i1 %v31, float %v27, float %v30
  %v34 = load float, ptr %v33, align 4
  %v35 = fcmp ogt float %v34, %v32
  %v36 = select i1 %v35, float %v34, float %v32
  %v37 = fcmp uno float %v34, %v34
  %v38 = select i1 %v37, float %v34, float %v36
  store float %v38, ptr %v33, align 4
  %v39 = getelementptr float, ptr %v9, i64 16
  %v40 = load <16 x float>, ptr %v39, align 4
  %v41 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v42 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v43 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v41, <8 x float> %v42)
  %v44 = fcmp uno <8 x float> %v41, %v41
  %v45 = select <8 x i1> %v44, <8 x float> %v41, <8 x float> %v43
  %v46 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v47 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v48 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v46, <4 x float> %v47)
  %v49 = fcmp uno <4 x float> %v46, %v46
  %v50 = select <4 x i1> %v49, <4 x float> %v46, <4 x float> %v48
  %v51 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v52 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v53 = fcmp ogt <2 x float> %v51, %v52
  %v54 = select <2 x i1> %v53, <2 x float> %v51, <2 x float> %v52
  %v55 = fcmp uno <2 x float> %v51, %v51
  %v56 = select <2 x i1> %v55, <2 x float> %v51, <2 x float> %v54
  %v57 = extractelement <2 x float> %v56, i64 0
  %v58 = extractelement <2 x float> %v56, i64 1
  %v59 = fcmp ogt float %v57, %v58
  %v60 = select i1 %v59, float %v57, float %v58
  %v61 = fcmp uno float %v57, %v57
  %v62 = select i1 %v61, float %v57, float %v60
  %v63 = load float, ptr %v33, align 4
  %v64 = fcmp ogt float %v63, %v62
  %v65 = select i1 %v64, float %v63, float %v62
  %v66 = fcmp uno float %v63, %v63
  %v67 = select i1 %v66, float %v63, float %v65
  store float %v67, ptr %v33, align 4
  %v68 = getelementptr float, ptr %v9, i64 32
  %v69 = load <8 x float>, ptr %v68, align 4
  %v70 = shufflevector <8 x float> %v69, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v71 = shufflevector <8 x float> %v69, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v72 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v70, <4 x float> %v71)
  %v73 = fcmp uno <4 x float> %v70, %v70
  %v74 = select <4 x i1> %v73, <4 x float> %v70, <4 x float> %v72
  %v75 = shufflevector <4 x float> %v74, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v76 = shufflevector <4 x float> %v74, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v77 = fcmp ogt <2 x float> %v75, %v76
  %v78 = select <2 x i1> %v77, <2 x float> %v75, <2 x float> %v76
  %v79 = fcmp uno <2 x float> %v75, %v75
  %v80 = select <2 x i1> %v79, <2 x float> %v75, <2 x float> %v78
  %v81 = extractelement <2 x float> %v80, i64 0
  %v82 = extractelement <2 x float> %v80, i64 1
  %v83 = fcmp ogt float %v81, %v82
  %v84 = select i1 %v83, float %v81, float %v82
  %v85 = fcmp uno float %v81, %v81
  %v86 = select i1 %v85, float %v81, float %v84
  %v87 = load float, ptr %v33, align 4
  %v88 = fcmp ogt float %v87, %v86
  %v89 = select i1 %v88, float %v87, float %v86
  %v90 = fcmp uno float %v87, %v87
  %v91 = select i1 %v90, float %v87, float %v89
  store float %v91, ptr %v33, align 4
  %v92 = add nsw i64 %i1.7, 1
  %v93 = icmp slt i64 %v92, 4
  br i1 %v93, label %loop5, label %end6
end6:
  br label %loop95
loop95:
  %i4.97 = phi i64 [ 0, %end6 ], [ %v166, %loop95 ]
  %v98 = mul nsw i64 %i4.97, 40
  %v99 = getelementptr float, ptr %a0, i64 %v98
  %v101 = getelementptr float, ptr %v1, i64 %i4.97
  %v121 = getelementptr float, ptr %v2, i64 %v98
  %v100 = load <16 x float>, ptr %v99, align 4
  %v102 = load float, ptr %v101, align 4
  %v103 = insertelement <16 x float> poison, float %v102, i64 0
  %v104 = shufflevector <16 x float> %v103, <16 x float> poison, <16 x i32> zeroinitializer
  %v105 = fsub <16 x float> %v100, %v104
  %v106 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v105
  %v107 = select <16 x i1> %v106, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v105
  %v108 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v107
  %v109 = select <16 x i1> %v108, <16 x float> splat (float 0x4056400000000000), <16 x float> %v107
  %v110 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v109, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v111 = fsub <16 x float> %v110, splat (float 0x4168000000000000)
  %v112 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v111, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v109)
  %v113 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v111, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v112)
  %v114 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v113, <16 x float> splat (float 0x3F8123B920000000))
  %v115 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v114, <16 x float> %v113, <16 x float> splat (float 0x3FA55545E0000000))
  %v116 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v115, <16 x float> %v113, <16 x float> splat (float 0x3FC55548E0000000))
  %v117 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v116, <16 x float> %v113, <16 x float> splat (float 0x3FE0000000000000))
  %v118 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v117, <16 x float> %v113, <16 x float> splat (float 0x3FF0000000000000))
  %v119 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v118, <16 x float> %v113, <16 x float> splat (float 0x3FF0000000000000))
  %v120 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v119, <16 x float> %v111, <16 x float> zeroinitializer, i16 -1, i32 4)
  store <16 x float> %v120, ptr %v121, align 32
  %v122 = getelementptr float, ptr %v99, i64 16
  %v123 = load <16 x float>, ptr %v122, align 4
  %v124 = load float, ptr %v101, align 4
  %v125 = insertelement <16 x float> poison, float %v124, i64 0
  %v126 = shufflevector <16 x float> %v125, <16 x float> poison, <16 x i32> zeroinitializer
  %v127 = fsub <16 x float> %v123, %v126
  %v128 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v127
  %v129 = select <16 x i1> %v128, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v127
  %v130 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v129
  %v131 = select <16 x i1> %v130, <16 x float> splat (float 0x4056400000000000), <16 x float> %v129
  %v132 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v131, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v133 = fsub <16 x float> %v132, splat (float 0x4168000000000000)
  %v134 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v133, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v131)
  %v135 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v133, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v134)
  %v136 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v135, <16 x float> splat (float 0x3F8123B920000000))
  %v137 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v136, <16 x float> %v135, <16 x float> splat (float 0x3FA55545E0000000))
  %v138 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v137, <16 x float> %v135, <16 x float> splat (float 0x3FC55548E0000000))
  %v139 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v138, <16 x float> %v135, <16 x float> splat (float 0x3FE0000000000000))
  %v140 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v139, <16 x float> %v135, <16 x float> splat (float 0x3FF0000000000000))
  %v141 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v140, <16 x float> %v135, <16 x float> splat (float 0x3FF0000000000000))
  %v142 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v141, <16 x float> %v133, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v143 = getelementptr float, ptr %v121, i64 16
  store <16 x float> %v142, ptr %v143, align 32
  %v144 = getelementptr float, ptr %v99, i64 32
  %v145 = load <8 x float>, ptr %v144, align 4
  %v146 = load float, ptr %v101, align 4
  %v147 = insertelement <8 x float> poison, float %v146, i64 0
  %v148 = shufflevector <8 x float> %v147, <8 x float> poison, <8 x i32> zeroinitializer
  %v149 = fsub <8 x float> %v145, %v148
  %v150 = fcmp ogt <8 x float> splat (float 0xC05A000000000000), %v149
  %v151 = select <8 x i1> %v150, <8 x float> splat (float 0xC05A000000000000), <8 x float> %v149
  %v152 = fcmp olt <8 x float> splat (float 0x4056400000000000), %v151
  %v153 = select <8 x i1> %v152, <8 x float> splat (float 0x4056400000000000), <8 x float> %v151
  %v154 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v153, <8 x float> splat (float 0x3FF7154760000000), <8 x float> splat (float 0x4168000000000000))
  %v155 = fsub <8 x float> %v154, splat (float 0x4168000000000000)
  %v156 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v155, <8 x float> splat (float 0xBFE62E4000000000), <8 x float> %v153)
  %v157 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v155, <8 x float> splat (float 0xBEB7F7D1C0000000), <8 x float> %v156)
  %v158 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3F56DB48A0000000), <8 x float> %v157, <8 x float> splat (float 0x3F8123B920000000))
  %v159 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v158, <8 x float> %v157, <8 x float> splat (float 0x3FA55545E0000000))
  %v160 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v159, <8 x float> %v157, <8 x float> splat (float 0x3FC55548E0000000))
  %v161 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v160, <8 x float> %v157, <8 x float> splat (float 0x3FE0000000000000))
  %v162 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v161, <8 x float> %v157, <8 x float> splat (float 0x3FF0000000000000))
  %v163 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v162, <8 x float> %v157, <8 x float> splat (float 0x3FF0000000000000))
  %v164 = call <8 x float> @llvm.x86.avx512.mask.scalef.ps.256(<8 x float> %v163, <8 x float> %v155, <8 x float> zeroinitializer, i8 -1)
  %v165 = getelementptr float, ptr %v121, i64 32
  store <8 x float> %v164, ptr %v165, align 32
  %v166 = add nsw i64 %i4.97, 1
  %v167 = icmp slt i64 %v166, 4
  br i1 %v167, label %loop95, label %end96
end96:
  store <4 x float> splat (float 0x0000000000000000), ptr %v3, align 64
  br label %loop169
loop169:
  %i7.171 = phi i64 [ 0, %end96 ], [ %v219, %loop169 ]
  %v172 = mul nsw i64 %i7.171, 40
  %v173 = getelementptr float, ptr %v2, i64 %v172
  %v187 = getelementptr float, ptr %v3, i64 %i7.171
  %v174 = load <16 x float>, ptr %v173, align 32
  %v175 = shufflevector <16 x float> %v174, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v176 = shufflevector <16 x float> %v174, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v177 = fadd <8 x float> %v175, %v176
  %v178 = shufflevector <8 x float> %v177, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v179 = shufflevector <8 x float> %v177, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v180 = fadd <4 x float> %v178, %v179
  %v181 = shufflevector <4 x float> %v180, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v182 = shufflevector <4 x float> %v180, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v183 = fadd <2 x float> %v181, %v182
  %v184 = extractelement <2 x float> %v183, i64 0
  %v185 = extractelement <2 x float> %v183, i64 1
  %v186 = fadd float %v184, %v185
  %v188 = load float, ptr %v187, align 4
  %v189 = fadd float %v188, %v186
  store float %v189, ptr %v187, align 4
  %v190 = getelementptr float, ptr %v173, i64 16
  %v191 = load <16 x float>, ptr %v190, align 32
  %v192 = shufflevector <16 x float> %v191, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v193 = shufflevector <16 x float> %v191, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v194 = fadd <8 x float> %v192, %v193
  %v195 = shufflevector <8 x float> %v194, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v196 = shufflevector <8 x float> %v194, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v197 = fadd <4 x float> %v195, %v196
  %v198 = shufflevector <4 x float> %v197, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v199 = shufflevector <4 x float> %v197, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v200 = fadd <2 x float> %v198, %v199
  %v201 = extractelement <2 x float> %v200, i64 0
  %v202 = extractelement <2 x float> %v200, i64 1
  %v203 = fadd float %v201, %v202
  %v204 = load float, ptr %v187, align 4
  %v205 = fadd float %v204, %v203
  store float %v205, ptr %v187, align 4
  %v206 = getelementptr float, ptr %v173, i64 32
  %v207 = load <8 x float>, ptr %v206, align 32
  %v208 = shufflevector <8 x float> %v207, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v209 = shufflevector <8 x float> %v207, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v210 = fadd <4 x float> %v208, %v209
  %v211 = shufflevector <4 x float> %v210, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v212 = shufflevector <4 x float> %v210, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v213 = fadd <2 x float> %v211, %v212
  %v214 = extractelement <2 x float> %v213, i64 0
  %v215 = extractelement <2 x float> %v213, i64 1
  %v216 = fadd float %v214, %v215
  %v217 = load float, ptr %v187, align 4
  %v218 = fadd float %v217, %v216
  store float %v218, ptr %v187, align 4
  %v219 = add nsw i64 %i7.171, 1
  %v220 = icmp slt i64 %v219, 4
  br i1 %v220, label %loop169, label %end170
end170:
  br label %loop222
loop222:
  %i10.224 = phi i64 [ 0, %end170 ], [ %v248, %loop222 ]
  %v225 = mul nsw i64 %i10.224, 40
  %v226 = getelementptr float, ptr %v2, i64 %v225
  %v228 = getelementptr float, ptr %v3, i64 %i10.224
  %v233 = getelementptr float, ptr %a1, i64 %v225
  %v227 = load <16 x float>, ptr %v226, align 32
  %v229 = load float, ptr %v228, align 4
  %v230 = insertelement <16 x float> poison, float %v229, i64 0
  %v231 = shufflevector <16 x float> %v230, <16 x float> poison, <16 x i32> zeroinitializer
  %v232 = fdiv <16 x float> %v227, %v231
  store <16 x float> %v232, ptr %v233, align 4
  %v234 = getelementptr float, ptr %v226, i64 16
  %v235 = load <16 x float>, ptr %v234, align 32
  %v236 = load float, ptr %v228, align 4
  %v237 = insertelement <16 x float> poison, float %v236, i64 0
  %v238 = shufflevector <16 x float> %v237, <16 x float> poison, <16 x i32> zeroinitializer
  %v239 = fdiv <16 x float> %v235, %v238
  %v240 = getelementptr float, ptr %v233, i64 16
  store <16 x float> %v239, ptr %v240, align 4
  %v241 = getelementptr float, ptr %v226, i64 32
  %v242 = load <8 x float>, ptr %v241, align 32
  %v243 = load float, ptr %v228, align 4
  %v244 = insertelement <8 x float> poison, float %v243, i64 0
  %v245 = shufflevector <8 x float> %v244, <8 x float> poison, <8 x i32> zeroinitializer
  %v246 = fdiv <8 x float> %v242, %v245
  %v247 = getelementptr float, ptr %v233, i64 32
  store <8 x float> %v246, ptr %v247, align 4
  %v248 = add nsw i64 %i10.224, 1
  %v249 = icmp slt i64 %v248, 4
  br i1 %v249, label %loop222, label %end223
end223:
  ret i32 0
}

define i32 @softmax(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = call i32 @softmax.body(ptr %v2, ptr %v4, ptr %workspace, i32 %threads)
  ret i32 %v5
}

declare <8 x float> @llvm.x86.avx.max.ps.256(<8 x float>, <8 x float>)
declare <4 x float> @llvm.x86.sse.max.ps(<4 x float>, <4 x float>)
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float>, <16 x float>, <16 x float>, i16, i32)
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare <8 x float> @llvm.x86.avx512.mask.scalef.ps.256(<8 x float>, <8 x float>, <8 x float>, i8)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

